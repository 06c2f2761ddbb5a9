internal import AyaCore
internal import AyaReactor

/// A program of the operator's that puts a record into DNS and takes it out again. What it writes first is the reason
/// when it fails.
struct Hook {
    private let words: [String]
    /// Records take their time to be seen everywhere, and the program may wait for that.
    private static let patience = Interval.seconds(300)

    init(_ words: [String]) { self.words = words }

    func run(_ waiter: Waiter) async throws(ACMEFault) {
        let process: ChildProcess
        do throws(SystemError) {
            process = try ChildProcess(words, environment: [], waiter: waiter)
        } catch {
            throw ACMEFault(.unreachable, "can not run '\(words.first ?? "")': \(error)")
        }
        let output = waiter.worker.buffers.takeSmall()
        defer {
            process.close()
            waiter.worker.buffers.give(output)
        }
        let deadline = waiter.worker.now + Self.patience
        guard let ending = await process.end(by: deadline, collecting: output, waiter) else {
            throw ACMEFault(.unreachable, "the hook did not end in time")
        }
        let line = unsafe String(
            decoding: output.unread.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        switch ending {
        case .exited(0): return
        case .exited(let status):
            throw ACMEFault(
                .unreachable, "the hook failed: " + (line.isEmpty ? "status \(status)" : ACMEFault.printable(line)))
        case .killed(let signal): throw ACMEFault(.unreachable, "the hook was killed by signal \(signal)")
        }
    }
}
