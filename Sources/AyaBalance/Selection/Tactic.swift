/// The ways in which `auto` can pick. All see the same servers and the same memory of failures, so that each may take
/// over from another between two picks.
package enum Tactic: UInt8, Sendable, CaseIterable {
    /// Where a request would be answered soonest, by latency and what is in flight: the one to begin with.
    case soonest
    /// The least in flight for its weight, where latency says nothing of a server: long polls beside short requests.
    case leastConnections
    /// The quickest of those that are not crowded, as Prequal picks.
    case uncrowded
    /// Each in turn, where everything else is noise.
    case roundRobin
    /// Where the key's work went before, unless that server has more than its share: for servers that keep a cache.
    /// Only where the pool has a key.
    case consistentHash

    /// As status, events and documents call it: as the balancer of that kind is called, where there is one.
    package var name: String {
        switch self {
        case .soonest: "soonest"
        case .leastConnections: "least_connections"
        case .uncrowded: "prequal"
        case .roundRobin: "round_robin"
        case .consistentHash: "consistent_hash"
        }
    }
}
