internal import AyaCore
internal import AyaReactor
internal import Synchronization

/// Where the operator's programs run: a thread of the reactor that waits for their ends. It begins with the first.
final class BrainThread: Sendable {
    private let thread = Mutex<WorkerThread?>(nil)

    /// Runs a program. Nil when it ended well, else why not.
    func run(_ words: [String], environment: [(name: String, value: String)]) async -> String? {
        guard let thread = started() else { return "the system has no thread" }
        return await withCheckedContinuation { continuation in
            thread.post { worker in
                ProgramRun(words, environment, worker: worker) { continuation.resume(returning: $0) }.start()
            }
        }
    }

    private func started() -> WorkerThread? {
        thread.withLock { thread in
            if thread == nil { thread = try? WorkerThread(index: 0, processor: nil, name: "aya-brain") { _ in } }
            return thread
        }
    }

    /// Breaks off what runs, and waits for the end.
    func end() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.end {}
    }
}

/// One program, from its start to its end.
private final class ProgramRun: Waiter {
    private static let patience = Interval.seconds(600)
    private let words: [String]
    private let environment: [(name: String, value: String)]
    private let ended: (String?) -> Void

    init(
        _ words: [String], _ environment: [(name: String, value: String)], worker: Worker,
        ended: @escaping (String?) -> Void
    ) {
        self.words = words
        self.environment = environment
        self.ended = ended
        super.init(worker: worker)
    }

    func start() { startServing() }

    override func serve() async {
        let problem = await run()
        retire()
        ended(problem)
    }

    override func parkedEvent() {}
    override func parkedTimeout() {}

    private func run() async -> String? {
        let process: ChildProcess
        do throws(SystemError) {
            process = try ChildProcess(words, environment: environment, waiter: self)
        } catch {
            return "can not run '\(words.first ?? "")': \(error)"
        }
        let output = worker.buffers.takeSmall()
        defer {
            process.close()
            worker.buffers.give(output)
        }
        switch await process.end(by: worker.now + Self.patience, collecting: output, self) {
        case .exited(0): return nil
        case .exited(let status): return "exit status \(status)"
        case .killed(let signal): return "killed by signal \(signal)"
        case nil: return "it did not end in time"
        }
    }
}
