internal import AyaCore
internal import AyaReactor

/// A program that is run for each notice, with the notice as JSON in its environment, as `AYA_NOTICE`.
package struct CommandChannel: AlertChannel {
    private let words: [String]
    private let thread: CallThread

    package init(_ words: [String], on thread: CallThread) {
        self.words = words
        self.thread = thread
    }

    package func tell(_ notice: AlertNotice) async -> String? {
        guard let worker = thread.worker() else { return "the system has no thread" }
        let (words, json) = (words, String(decoding: notice.json, as: UTF8.self))
        return await withCheckedContinuation { continuation in
            worker.post { worker in
                CommandRun(words, json, worker: worker) { continuation.resume(returning: $0) }.startServing()
            }
        }
    }
}

/// One run of the program, thirty seconds at most.
private final class CommandRun: Waiter {
    private let words: [String]
    private let notice: String
    private let end: @Sendable (String?) -> Void

    init(_ words: [String], _ notice: String, worker: Worker, _ end: @escaping @Sendable (String?) -> Void) {
        self.words = words
        self.notice = notice
        self.end = end
        super.init(worker: worker)
    }

    override func parkedEvent() {}

    override func serve() async {
        end(await run())
        park(until: .distantFuture)
        retire()
    }

    private func run() async -> String? {
        let child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess(words, environment: [("AYA_NOTICE", notice)], waiter: self)
        } catch {
            return "\(words[0]): \(error)"
        }
        defer { child.close() }
        let output = worker.buffers.takeSmall()
        defer { worker.buffers.give(output) }
        switch await child.end(by: worker.now + .seconds(30), collecting: output, self) {
        case .exited(0): return nil
        case .exited(let code): return "\(words[0]) ended with \(code)"
        case .killed(let signal): return "\(words[0]) was ended by signal \(signal)"
        case nil: return "\(words[0]) did not end within 30 s"
        }
    }
}
