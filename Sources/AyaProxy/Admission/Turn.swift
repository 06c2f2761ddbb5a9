internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// A place in a pool's queue: who waits there, and what became of it.
final class Turn {
    private let waiter: Waiter
    /// Begins the work that waits, if there is a server for it.
    let begin: () -> ServerRuntime?
    let since: Instant
    let deadline: Instant
    let position: Int
    private(set) var outcome = Outcome.waiting

    enum Outcome {
        case waiting
        /// Work on it has begun.
        case server(ServerRuntime)
        case refused(Reason)
    }

    init(
        _ waiter: Waiter, since: Instant, deadline: Instant, position: Int, begin: @escaping () -> ServerRuntime?
    ) {
        self.waiter = waiter
        self.begin = begin
        self.since = since
        self.deadline = deadline
        self.position = position
    }

    /// Wakes who waits with its outcome.
    func end(_ outcome: Outcome) {
        self.outcome = outcome
        waiter.wake()
    }
}
