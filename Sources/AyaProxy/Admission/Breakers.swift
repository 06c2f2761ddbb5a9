internal import AyaBalance
internal import AyaConfig
internal import AyaCore

/// The circuit breakers of a pool's servers, and of the pool itself, as one worker judges them.
///
/// Each worker counts the failures of its own traffic. A breaker that opens takes the server from all of them; the
/// worker that opened it has the trial.
final class Breakers {
    private var servers: ContiguousArray<CircuitBreaker>
    private var pool: CircuitBreaker?
    /// When a breaker has to be looked at.
    private(set) var due = Instant.distantFuture

    enum Verdict {
        case nothing
        case opened
        case closed
        /// A trial told nothing.
        case mayTryAgain
    }

    /// How long a trial that is due waits for traffic of this worker before others may have it.
    private static let patience = Interval.seconds(1)

    init(_ breaker: Blueprint.Breaker, servers count: Int) {
        let settings = CircuitBreaker.Settings(
            failures: breaker.failures, errorRate: breaker.errorRate, minRequests: breaker.minRequests,
            openFor: Interval(breaker.openFor))
        servers = ContiguousArray(repeating: CircuitBreaker(settings), count: count)
        if breaker.pool { pool = CircuitBreaker(settings) }
    }

    func areDue(_ now: Instant) -> Bool { now >= due }

    func poolPasses(now: Instant) -> Bool { pool?.passes(now: now) ?? true }

    /// True if this is a server's trial.
    func began(on server: Int, now: Instant) -> Bool {
        pool?.begin(now: now)
        guard servers[server].begin(now: now) else { return false }
        if case .trial(let until) = servers[server].state { due = min(due, until) }
        return true
    }

    func ended(on server: Int, _ outcome: Observation.Outcome, now: Instant) -> Verdict {
        switch outcome {
        case .success:
            pool?.succeeded(now: now)
            return servers[server].succeeded(now: now) ? .closed : .nothing
        case .failure:
            pool?.failed(now: now)
            guard servers[server].failed(now: now) else { return .nothing }
            if case .open(let until) = servers[server].state { due = min(due, until) }
            return .opened
        case .abandoned:
            pool?.abandoned()
            let before = servers[server].state
            servers[server].abandoned()
            return servers[server].state == before ? .nothing : .mayTryAgain
        }
    }

    /// Finds the servers whose trial may begin; `isOverdue` for those whose trial was due before already.
    func revive(now: Instant, _ found: (_ server: Int, _ isOverdue: Bool) -> Void) {
        due = .distantFuture
        for server in servers.indices {
            switch servers[server].state {
            case .closed: continue
            case .halfOpen:
                found(server, true)
            case .open(let until), .trial(let until):
                if servers[server].passes(now: now) {
                    due = min(due, now + Self.patience)
                    found(server, false)
                } else {
                    due = min(due, until)
                }
            }
        }
    }

    func eachHalfOpen(_ found: (Int) -> Void) {
        for server in servers.indices where servers[server].state == .halfOpen { found(server) }
    }

    /// How long it is until work may pass somewhere.
    func remaining(now: Instant) -> Interval {
        if let pool, pool.remaining(now: now) > .zero { return pool.remaining(now: now) }
        return servers.map { $0.remaining(now: now) }.min() ?? .zero
    }
}
