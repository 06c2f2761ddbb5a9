internal import Synchronization

/// Questions to a worker that may not be answered.
extension WorkerSite {
    /// Whether the worker takes a turn before the time is over.
    func answers(within patience: Duration) async -> Bool {
        await Self.first(within: patience) { await self.takeATurn() } != nil
    }

    /// What the work comes to; nil when the time was over first. The work goes on then, and nobody hears of it.
    static func first<Answer: Sendable>(
        within patience: Duration, _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer? {
        let answer = FirstAnswer<Answer>()
        return await withCheckedContinuation { continuation in
            answer.give(to: continuation)
            let timer = Task {
                try? await Task.sleep(for: patience)
                answer.set(nil)
            }
            Task {
                answer.set(await work())
                timer.cancel()
            }
        }
    }
}

/// Whichever comes first.
private final class FirstAnswer<Answer: Sendable>: Sendable {
    private let continuation = Mutex<CheckedContinuation<Answer?, Never>?>(nil)

    func give(to next: CheckedContinuation<Answer?, Never>) { continuation.withLock { $0 = next } }

    func set(_ answer: Answer?) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: answer)
    }
}
