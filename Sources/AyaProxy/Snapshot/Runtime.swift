internal import AyaConfig
internal import AyaCore
package import AyaHTTP
package import AyaReactor
package import AyaTelemetry

/// A snapshot as one worker runs it: routes, pools and listeners with their counters and connections. Confined to the
/// worker; nothing in it is shared with another thread but the state in `SharedState`.
package final class Runtime {
    package let worker: Worker
    package let snapshot: Snapshot
    package let metrics: WorkerMetrics
    package let listeners: ContiguousArray<ListenerRuntime>
    package let pools: ContiguousArray<PoolRuntime>
    let routes: ContiguousArray<RouteRuntime>
    let table: RouteTable
    let exchanges = ExchangePool()
    let http2 = HTTP2Scratch()
    let accessLog: AccessLogSink?
    /// No new connections, no keep-alive: what runs may finish.
    package private(set) var isDraining = false
    /// TCP sessions, which a drain lets run until its grace is over.
    package let sessions = RunningSessions()

    package init(
        _ snapshot: Snapshot, shared: SharedState, worker: Worker, admin: (any HTTPService)?,
        accessLog: AccessLogWriter?
    ) {
        let blueprint = snapshot.blueprint
        self.worker = worker
        self.snapshot = snapshot
        let metrics = WorkerMetrics(shape: snapshot.metricsShape)
        self.metrics = metrics
        let pools = ContiguousArray(
            blueprint.pools.indices.map { index in
                PoolRuntime(
                    blueprint.pools[index], addresses: snapshot.addresses[index], shared: shared.pools[index],
                    metrics: metrics.pools[index], zone: blueprint.zone, worker: worker)
            })
        self.pools = pools
        for (index, pool) in pools.enumerated() {
            pool.fallback = Fallback(blueprint.pools[index].fallback, workers: shared.workers) { name in
                snapshot.poolIndex(name).map { pools[$0] }
            }
        }
        routes = ContiguousArray(
            blueprint.routes.indices.map { index in
                RouteRuntime(blueprint.routes[index], index: index, metrics: metrics.routes[index]) { name in
                    snapshot.poolIndex(name).map { pools[$0] }
                }
            })
        table = RouteTable(blueprint.routes)
        let reserved = Set(blueprint.listeners.compactMap { $0.tls?.clientCertificates?.header }).sorted()
        let reservedHeaders = reserved.map { Array($0.utf8) }
        var listeners = ContiguousArray(
            blueprint.listeners.indices.map { index in
                ListenerRuntime(
                    blueprint.listeners[index], index: index, bind: snapshot.binds[index],
                    gate: shared.listeners[index], metrics: metrics.listeners[index], service: nil,
                    tls: shared.security.listeners[index],
                    detour: Detour(
                        blueprint.listeners[index], in: snapshot, challenges: shared.security.challenges),
                    reservedHeaders: reservedHeaders
                ) { name in snapshot.poolIndex(name).map { pools[$0] } }
            })
        if let admin, let bind = snapshot.adminBind, worker.index == 0, let gate = shared.admin {
            listeners.append(
                ListenerRuntime(
                    Blueprint.Listener(name: "admin", bind: blueprint.admin?.bind ?? .unix(path: "")),
                    index: listeners.count, bind: bind, gate: gate, metrics: ListenerMetrics(name: "admin"),
                    service: admin
                ) { _ in nil })
        }
        self.listeners = listeners
        self.accessLog = accessLog.map { AccessLogSink(writer: $0, metrics: metrics) }
        worker.addHousekeeper(self)
    }

    /// From now on every answer ends its connection; idle connections on both sides are closed.
    package func drain() {
        isDraining = true
        worker.drainSockets()
        for pool in pools { pool.dropIdle() }
    }

    package func flushAccessLog() { accessLog?.flush() }
}

extension Runtime: Housekeeper {
    package func keepHouse() {
        for pool in pools { pool.keepHouse() }
        metrics.loop.counts.loopTurns = worker.turns
        metrics.loop.counts.events = worker.events
        metrics.loop.counts.buffersInUse = worker.buffers.lent
        metrics.loop.counts.tasksRunning = worker.tasks.count
        accessLog?.flush()
    }
}

extension Snapshot {
    package var metricsShape: MetricsShape {
        MetricsShape(
            listeners: blueprint.listeners.map(\.name), routes: blueprint.routes.map(\.name),
            pools: blueprint.pools.map {
                MetricsShape.Pool(name: $0.name, servers: $0.servers.map { "\($0.address)" })
            })
    }
}
