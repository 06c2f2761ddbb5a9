/// The balancers by their names in the configuration.
package enum BalancerKind: String, Sendable, CaseIterable {
    /// Each server in turn, by weight.
    case roundRobin = "round_robin"
    /// The same: both names are in use elsewhere, and a weight that is configured should never be ignored.
    case weightedRoundRobin = "weighted_round_robin"
    case leastConnections = "least_connections"
    /// The same, for the same reason.
    case weightedLeastConnections = "weighted_least_connections"
    case sourceIPHash = "source_ip_hash"
    case leastResponseTime = "least_response_time"
    case resource
    case random
    case powerOfTwo = "power_of_two"
    case peakEWMA = "peak_ewma"
    case prequal
    case consistentHash = "consistent_hash"
    case maglev
    case auto

    /// A balancer over `view`, told of its changes from now on.
    package func makeBalancer(for view: PoolView) -> any Balancer {
        let balancer: any Balancer =
            switch self {
            case .roundRobin, .weightedRoundRobin: RoundRobin(view)
            case .leastConnections, .weightedLeastConnections: LeastConnections(view)
            case .sourceIPHash: SourceIPHash(view)
            case .leastResponseTime: LeastResponseTime(view)
            case .resource: Resource(view)
            case .random: RandomChoice(view)
            case .powerOfTwo: PowerOfTwo(view)
            case .peakEWMA: PeakEWMA(view)
            case .prequal: Prequal(view)
            case .consistentHash: ConsistentHash(view)
            case .maglev: Maglev(view)
            case .auto: Auto(view)
            }
        view.balancer = balancer
        return balancer
    }

    /// What `Balancer.cost` counts; nil where servers are not compared.
    package var costUnit: String? {
        switch self {
        case .leastConnections, .weightedLeastConnections, .powerOfTwo: "in flight by weight"
        case .leastResponseTime, .peakEWMA, .prequal, .auto: "expected seconds"
        case .resource: "in flight by the room left"
        case .roundRobin, .weightedRoundRobin, .sourceIPHash, .random, .consistentHash, .maglev: nil
        }
    }

    /// Places work by its key.
    package var isHash: Bool {
        switch self {
        case .sourceIPHash, .consistentHash, .maglev: true
        case .roundRobin, .weightedRoundRobin, .leastConnections, .weightedLeastConnections, .leastResponseTime,
            .resource, .random, .powerOfTwo, .peakEWMA, .prequal, .auto:
            false
        }
    }
}
