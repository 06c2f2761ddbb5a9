package import AyaCore

/// Picks one server of a pool for one exchange, session or flow.
///
/// A balancer belongs to one worker's view of one pool and is told of every change there, so that a pick need not look
/// at all servers. It is pure: what it knows comes through the view, and chance comes as an argument, so a simulation
/// replays under its seed.
package protocol Balancer: AnyObject {
    /// The position of a server that is eligible and not excluded; nil when there is none.
    ///
    /// - Parameter excluding: servers that this exchange has tried already.
    func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int?

    /// A server became eligible, ceased to be, or changed its weight.
    func eligibilityChanged(_ view: PoolView, server: Int)

    /// A server's work in flight changed, on this worker or as others told.
    func loadChanged(_ view: PoolView, server: Int)

    /// Work on a server has ended.
    func observed(_ view: PoolView, server: Int, _ observation: Observation)

    /// Other workers had work end on a server, since they last told.
    func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay)

    /// A server told of its load, in an answer or when polled.
    func reported(_ view: PoolView, server: Int, _ report: LoadReport, now: Instant)

    /// A server answered a probe.
    func probed(_ view: PoolView, server: Int, inFlight: Int, latency: Interval, now: Instant)

    /// Goes on with what another balancer of the same kind has learned of a server, which has another position there:
    /// a pool whose configuration changed need not learn of its servers anew.
    func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int)

    /// Another in the same state, which tells what a pick would be without one being made; nil where that can't be.
    func rehearsal() -> (any Balancer)?

    /// What one more piece of work on a server costs as this balancer sees it, in the unit of `BalancerKind.costUnit`:
    /// the lower the better. Nil where servers are not compared.
    func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double?
}

extension Balancer {
    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {}
    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {}
    package func reported(_ view: PoolView, server: Int, _ report: LoadReport, now: Instant) {}
    package func probed(_ view: PoolView, server: Int, inFlight: Int, latency: Interval, now: Instant) {}
    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {}
    package func rehearsal() -> (any Balancer)? { nil }
    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? { nil }
}

/// What a pick depends on besides the servers.
package struct PickRequest {
    /// What balancers that hash place the client by; others ignore it.
    package var key: UInt64
    package var now: Instant

    package init(key: UInt64 = 0, now: Instant) {
        self.key = key
        self.now = now
    }
}

/// How work on a server ended.
package struct Observation {
    package enum Outcome {
        case success
        /// The server's fault: no connection, a reset, a timeout, a 5xx.
        case failure
        /// Ended before the server had answered: the client left, or another server was faster.
        case abandoned
    }

    package var outcome: Outcome
    /// From the begin of the try to the response's head, or to the connection at layer 4. Of work that was abandoned
    /// the server would have taken at least as long.
    package var latency: Interval
    package var now: Instant
    /// When the server was picked.
    package var began: Instant

    /// - Parameter began: by default, the latency ago.
    package init(_ outcome: Outcome, latency: Interval, now: Instant, began: Instant? = nil) {
        self.outcome = outcome
        self.latency = latency
        self.now = now
        self.began = began ?? Instant(nanoseconds: now.nanoseconds &- latency.nanoseconds)
    }
}

/// What other workers saw of a server within the last millisecond or so, in sums.
package struct Hearsay {
    package var successes: Int
    package var failures: Int
    /// Of the successes together.
    package var latency: Interval
    package var now: Instant

    package init(successes: Int, failures: Int, latency: Interval, now: Instant) {
        self.successes = successes
        self.failures = failures
        self.latency = latency
        self.now = now
    }

    /// Of one success, in seconds; nil without any.
    var meanLatency: Float? { successes > 0 ? Float(latency.seconds) / Float(successes) : nil }
}
