/// One worker's counters of a pool and of its servers.
package final class PoolMetrics {
    package let name: String
    package let servers: ContiguousArray<ServerMetrics>
    private let pool: Live<PoolCounts>
    package var counts: PoolCounts {
        get { pool.counts }
        _modify { yield &pool.counts }
    }

    /// Takes over the pool's counters, and those of servers that `previous` had too.
    init(_ shape: MetricsShape.Pool, continuing previous: PoolMetrics?) {
        name = shape.name
        servers = ContiguousArray(named: shape.servers, continuing: previous?.servers ?? [])
        pool = previous?.pool ?? Live(name: shape.name)
    }

    package var sample: PoolSample {
        PoolSample(name: name, counts: counts, servers: servers.map(\.sample))
    }
}

/// What happened in a pool beyond its single servers.
package struct PoolCounts: Counts {
    /// Tries after the first.
    package var retries: UInt64 = 0
    /// Tries that the budget did not allow.
    package var retriesOverBudget: UInt64 = 0
    /// Second tries beside a slow first one, and those that answered first.
    package var hedges: UInt64 = 0
    package var hedgesWon: UInt64 = 0
    /// Work that wait for a place now, that ever had to, and how long.
    package var waiting = 0
    package var queued: UInt64 = 0
    package var queueTime = Histogram()
    /// Work that was turned away before any try, and what of it for what it was worth.
    package var refused = ReasonCounts()
    package var shed = CriticalityCounts()
    /// Answers that came from the pool's fallback.
    package var fallbacks: UInt64 = 0
    /// What an adaptive limit allows in flight; 0 without one.
    package var concurrencyLimit = 0
    /// 1 while so many servers are in doubt that verdicts are ignored.
    package var panic = 0

    package init() {}
    package mutating func add(_ other: PoolCounts) {
        retries &+= other.retries
        retriesOverBudget &+= other.retriesOverBudget
        hedges &+= other.hedges
        hedgesWon &+= other.hedgesWon
        waiting &+= other.waiting
        queued &+= other.queued
        queueTime.add(other.queueTime)
        refused.add(other.refused)
        shed.add(other.shed)
        fallbacks &+= other.fallbacks
        concurrencyLimit &+= other.concurrencyLimit
        panic &+= other.panic
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
