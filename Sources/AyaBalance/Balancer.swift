package import AyaCore

/// Picks one server of a pool for one exchange, session or flow.
///
/// A balancer belongs to one worker's view of one pool and is told of every change there, so that a pick need not look
/// at all servers. It is pure: what it knows comes through the view, and chance comes as an argument, so a simulation
/// replays under its seed.
package protocol Balancer: AnyObject {
    /// The position of a server that is eligible and not excluded; nil when there is none.
    ///
    /// - Parameters:
    ///   - key: what balancers that hash place the client by; others ignore it.
    ///   - excluding: servers that this exchange has tried already.
    func pick(_ view: PoolView, key: UInt64, excluding: borrowing ExcludedServers, random: inout RandomSource) -> Int?

    /// A server became eligible, ceased to be, or changed its weight.
    func eligibilityChanged(_ view: PoolView, server: Int)

    /// A server's work in flight changed.
    func loadChanged(_ view: PoolView, server: Int)
}

/// The balancers by their names in the configuration.
package enum BalancerKind: String, Sendable, CaseIterable {
    case roundRobin = "round_robin"
    case leastConnections = "least_connections"

    /// A balancer over `view`, told of its changes from now on.
    package func makeBalancer(for view: PoolView) -> any Balancer {
        let balancer: any Balancer =
            switch self {
            case .roundRobin: RoundRobin(view)
            case .leastConnections: LeastConnections(view)
            }
        view.balancer = balancer
        return balancer
    }
}
