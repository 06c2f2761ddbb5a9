/// One worker's counters of a pool and of its servers.
package final class PoolMetrics {
    package let name: String
    package let servers: ContiguousArray<ServerMetrics>
    package var counts = PoolCounts()

    /// Takes over the counters of servers that `previous` had too.
    init(_ shape: MetricsShape.Pool, continuing previous: PoolMetrics?) {
        name = shape.name
        servers = ContiguousArray(named: shape.servers, continuing: previous?.servers ?? [])
        if let previous { counts = previous.counts }
    }

    package var sample: PoolSample {
        PoolSample(name: name, counts: counts, servers: servers.map(\.sample))
    }
}

/// What happened in a pool beyond its single servers.
package struct PoolCounts: Counts {
    /// Tries after the first.
    package var retries: UInt64 = 0
    /// Second tries beside a slow first one, and those that answered first.
    package var hedges: UInt64 = 0
    package var hedgesWon: UInt64 = 0

    package init() {}
    package mutating func add(_ other: PoolCounts) {
        retries &+= other.retries
        hedges &+= other.hedges
        hedgesWon &+= other.hedgesWon
    }
}

/// A pool's counters at one moment.
package struct PoolSample: Sendable {
    package var name: String
    package var counts: PoolCounts
    package var servers: [Sample<ServerCounts>]

    package init(name: String, counts: PoolCounts = PoolCounts(), servers: [Sample<ServerCounts>] = []) {
        self.name = name
        self.counts = counts
        self.servers = servers
    }
}
