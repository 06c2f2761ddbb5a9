extension Blueprint {
    /// The algorithm that picks a server, by its name in the configuration.
    package enum Balance: String, Hashable, Sendable, CaseIterable {
        case roundRobin = "round_robin"
        case weightedRoundRobin = "weighted_round_robin"
        case leastConnections = "least_connections"
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

        /// Picks by `Pool.hash`.
        package var usesHashKey: Bool {
            switch self {
            case .consistentHash, .maglev: true
            case .roundRobin, .weightedRoundRobin, .leastConnections, .weightedLeastConnections, .sourceIPHash,
                .leastResponseTime, .resource, .random, .powerOfTwo, .peakEWMA, .prequal, .auto:
                false
            }
        }
    }

    /// What of a request or session hash balancers hash.
    package enum HashKey: Hashable, Sendable {
        case sourceIP
        /// In lower case.
        case header(String)
        case cookie(String)
        case path
        /// The value of this name in the query.
        case query(String)
    }

    /// How a pool prefers servers of Aya's own zone.
    package struct Zones: Hashable, Sendable {
        /// Servers of other zones join in when less than this share of the own zone's is available; 0 never lets
        /// them in while one is left.
        package var spillBelow = 0.7
        package init(spillBelow: Double = 0.7) { self.spillBelow = spillBelow }
    }
}
