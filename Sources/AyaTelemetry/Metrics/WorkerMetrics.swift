/// All counters of one worker: plain numbers, owned by its thread, read by others only as a snapshot that the worker
/// itself makes when its mailbox asks.
///
/// Shared atomics would cost a contended cache line an increment; here an increment is one instruction, and the rare
/// reader adds the workers up.
package final class WorkerMetrics {
    package let listeners: ContiguousArray<ListenerMetrics>
    package let routes: ContiguousArray<RouteMetrics>
    package let pools: ContiguousArray<PoolMetrics>
    /// By method of gRPC.
    package let calls: CallMetrics
    /// The loop's own counters.
    package let loop: Live<WorkerCounts>

    /// A new snapshot continues the counters of everything that kept its name, so that a reload resets nothing.
    package init(shape: MetricsShape, continuing previous: WorkerMetrics? = nil) {
        listeners = ContiguousArray(named: shape.listeners, continuing: previous?.listeners ?? [])
        routes = ContiguousArray(named: shape.routes, continuing: previous?.routes ?? [])
        let known = Dictionary(
            (previous?.pools ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        pools = ContiguousArray(
            shape.pools.map { pool in
                // Who counts for a pool that stays must not find its counters taken over by a copy.
                if let same = known[pool.name], same.servers.map(\.name) == pool.servers { return same }
                return PoolMetrics(pool, continuing: known[pool.name])
            })
        loop = previous?.loop ?? Live(name: "worker")
        calls = previous?.calls ?? CallMetrics()
    }

    package func snapshot() -> MetricsSnapshot {
        MetricsSnapshot(
            worker: loop.sample.counts, listeners: listeners.map(\.sample), routes: routes.map(\.sample),
            pools: pools.map(\.sample), calls: calls.samples)
    }
}

extension ContiguousArray {
    /// One set of counters a name; those that `previous` holds under that name are taken over, each once.
    init<Counts>(named names: [String], continuing previous: ContiguousArray<Live<Counts>>)
    where Element == Live<Counts> {
        // Most reloads leave most names alone.
        if names.count == previous.count, zip(names, previous).allSatisfy({ $0 == $1.name }) {
            self = previous
            return
        }
        var known = Dictionary(previous.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.init(names.map { known.removeValue(forKey: $0) ?? Live(name: $0) })
    }
}
