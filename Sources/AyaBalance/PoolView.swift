/// What one worker knows of the servers of a pool: the proxy writes it, balancers read it.
///
/// A structure of arrays, because a pick touches one property of many servers rather than many of one. Changes go
/// through methods that tell the balancer, which keeps its own order up to date instead of searching at each pick.
package final class PoolView {
    package let count: Int
    /// A server's share relative to the others; 0 takes no new work.
    package private(set) var weights: ContiguousArray<Int>
    /// Why a server must not be picked; empty for those that may.
    package private(set) var holds: ContiguousArray<Holds>
    /// Exchanges, sessions and flows under way on this worker.
    package private(set) var inFlight: ContiguousArray<Int>
    /// The same on all other workers, as they told about a millisecond ago.
    package private(set) var foreign: ContiguousArray<Int>
    /// Servers with a weight and without holds.
    package private(set) var eligible: ServerSet
    /// Is told of changes. The view owns it; a balancer keeps no reference back.
    package var balancer: (any Balancer)?

    /// Reasons why a server takes no new work. Each has its own author, so one may not lift another's.
    package struct Holds: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Probes found it unhealthy, or its name does not resolve.
        package static let down = Holds(rawValue: 1)
        /// Its traffic failed too often.
        package static let ejected = Holds(rawValue: 2)
        /// It is being taken out of service.
        package static let draining = Holds(rawValue: 4)
        /// It is at its limit of connections.
        package static let full = Holds(rawValue: 8)
        /// Its circuit breaker is open.
        package static let broken = Holds(rawValue: 16)
        /// It stands by: servers that come before it suffice.
        package static let standby = Holds(rawValue: 32)

        /// Those that hold for all workers at once.
        package static let verdicts: [Holds] = [.down, .ejected, .draining, .broken]
    }

    /// Weights are cut to 0 … 65,535.
    package init(weights: some Sequence<Int>) {
        self.weights = ContiguousArray(weights.map(Self.bounded))
        count = self.weights.count
        holds = ContiguousArray(repeating: [], count: count)
        inFlight = ContiguousArray(repeating: 0, count: count)
        foreign = inFlight
        eligible = ServerSet(capacity: count)
        for (server, weight) in self.weights.enumerated() where weight > 0 { eligible.insert(server) }
    }

    package func isEligible(_ server: Int) -> Bool { weights[server] > 0 && holds[server].isEmpty }

    /// Work under way on a server, over all workers.
    package func load(_ server: Int) -> Int { inFlight[server] &+ foreign[server] }

    package func setForeign(_ load: Int, of server: Int) {
        guard foreign[server] != load else { return }
        foreign[server] = load
        balancer?.loadChanged(self, server: server)
    }

    package func setWeight(_ weight: Int, of server: Int) {
        let bounded = Self.bounded(weight)
        guard weights[server] != bounded else { return }
        weights[server] = bounded
        eligibilityChanged(server)
    }

    /// Takes a server out of the choice, or lifts that hold.
    package func set(_ hold: Holds, _ held: Bool, on server: Int) {
        let before = holds[server]
        let after = held ? before.union(hold) : before.subtracting(hold)
        guard before != after else { return }
        holds[server] = after
        if before.isEmpty != after.isEmpty { eligibilityChanged(server) }
    }

    /// Work begins on a server: call it for each pick that is used.
    package func begin(_ server: Int) {
        inFlight[server] &+= 1
        balancer?.loadChanged(self, server: server)
    }

    /// Work ends on a server.
    package func end(_ server: Int, _ observation: Observation? = nil) {
        assert(inFlight[server] > 0, "ended more than began")
        inFlight[server] = max(0, inFlight[server] &- 1)
        balancer?.loadChanged(self, server: server)
        if let observation { balancer?.observed(self, server: server, observation) }
    }

    private func eligibilityChanged(_ server: Int) {
        if isEligible(server) { eligible.insert(server) } else { eligible.remove(server) }
        balancer?.eligibilityChanged(self, server: server)
    }

    private static func bounded(_ weight: Int) -> Int { min(max(weight, 0), 65_535) }
}
