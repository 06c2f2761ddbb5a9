/// Everything that was counted, at one moment, as a value that may leave its worker and be added to others'.
package struct MetricsSnapshot: Sendable {
    /// How many workers went into it.
    package var workers: Int
    package var worker: WorkerCounts
    package var listeners: [Sample<ListenerCounts>]
    package var routes: [Sample<RouteCounts>]
    package var pools: [PoolSample]
    package var calls: [Sample<CallCounts>]
    /// Workers do not count it; whoever puts the sum together adds it.
    package var health: [HealthSample] = []
    /// The same.
    package var certificates: [CertificateSample] = []
    /// The same; nil when no history is kept.
    package var history: HistoryCounts?
    /// The same.
    package var logs: [Sample<AccessLogCounts>] = []
    /// Nil when there are neither rules nor objectives.
    package var alerts: AlertCounts?
    /// Of pools whose number of servers is the brain's concern, once it knows enough.
    package var capacity: [Sample<CapacityCounts>] = []
    /// Nil when spans are exported nowhere.
    package var traces: TraceCounts?

    package init(
        workers: Int = 1, worker: WorkerCounts = WorkerCounts(), listeners: [Sample<ListenerCounts>] = [],
        routes: [Sample<RouteCounts>] = [], pools: [PoolSample] = [], calls: [Sample<CallCounts>] = []
    ) {
        self.workers = workers
        self.worker = worker
        self.listeners = listeners
        self.routes = routes
        self.pools = pools
        self.calls = calls
    }

    /// Adds another worker's counters. Names join them, because during a reload two workers may be a generation apart.
    package mutating func merge(_ other: MetricsSnapshot) {
        workers += other.workers
        worker.add(other.worker)
        listeners.merge(other.listeners)
        routes.merge(other.routes)
        calls.merge(other.calls)
        var unknown: [PoolSample] = []
        let positions = Self.positions(of: pools.map(\.name))
        for (index, pool) in other.pools.enumerated() {
            let sameIndex = index < pools.count && pools[index].name == pool.name
            if let position = sameIndex ? index : positions[pool.name] {
                pools[position].counts.add(pool.counts)
                pools[position].servers.merge(pool.servers)
            } else {
                unknown.append(pool)
            }
        }
        pools += unknown
    }

    /// The sum over workers; empty without any.
    package static func merge(_ snapshots: some Sequence<MetricsSnapshot>) -> MetricsSnapshot {
        var sum = MetricsSnapshot(workers: 0)
        for snapshot in snapshots {
            if sum.workers == 0 { sum = snapshot } else { sum.merge(snapshot) }
        }
        return sum
    }

    fileprivate static func positions(of names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension Array {
    /// Adds counters of the same name; takes over what is new.
    mutating func merge<Counts>(_ other: [Sample<Counts>]) where Element == Sample<Counts> {
        // The same generation on both sides is the rule: then positions agree and no table is needed.
        if count == other.count, zip(self, other).allSatisfy({ $0.name == $1.name }) {
            for index in indices { self[index].counts.add(other[index].counts) }
            return
        }
        let positions = MetricsSnapshot.positions(of: map(\.name))
        for sample in other {
            if let position = positions[sample.name] {
                self[position].counts.add(sample.counts)
            } else {
                append(sample)
            }
        }
    }
}
