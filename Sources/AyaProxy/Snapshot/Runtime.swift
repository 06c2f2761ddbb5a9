internal import AyaConfig
internal import AyaCore
package import AyaHTTP
package import AyaReactor
package import AyaTelemetry

/// What one worker runs: routes, pools and listeners with their counters and connections. Confined to the worker;
/// nothing in it is shared with another thread but the state in `SharedState`.
///
/// It lives as long as the worker and takes one snapshot after the other. A request sees the routes of the moment it
/// is decided at; from then on its exchange holds its own route, pool and server, whatever becomes of them here.
package final class Runtime {
    package let worker: Worker
    package private(set) var snapshot: Snapshot
    package private(set) var metrics: WorkerMetrics
    package private(set) var listeners: ContiguousArray<ListenerRuntime>
    package private(set) var pools: ContiguousArray<PoolRuntime>
    private var poolsByName: [String: PoolRuntime] = [:]
    private(set) var routes: ContiguousArray<RouteRuntime>
    private(set) var tables: RouteTables
    let exchanges = ExchangePool()
    let http2 = HTTP2Scratch()
    /// Takes what is told of single exchanges; nil when no log and no export of traces wants to know.
    private(set) var recorder: Recorder?
    private(set) var tracing: Tracing?
    /// Nil while nobody watches.
    var tap: WorkerTap?
    /// Nil while nobody counts clients, and none is held to less.
    var clientWatch: ClientWatch?
    /// Somebody reads records of what has ended.
    private(set) var isRecording = false
    /// TCP sessions, which a drain lets run until its grace is over.
    package let sessions = RunningSessions()
    private let service: (any HTTPService)?

    /// - Parameter admin: answers on the admin listener.
    package init(
        _ snapshot: Snapshot, shared: SharedState, worker: Worker, admin: (any HTTPService)?,
        records: RecordHub?
    ) {
        self.worker = worker
        self.snapshot = snapshot
        metrics = WorkerMetrics(shape: snapshot.metricsShape)
        (listeners, pools, routes, service) = ([], [], [], admin)
        tables = RouteTables(snapshot.blueprint.routes)
        worker.addHousekeeper(self)
        buildPools(shared)
        buildRoutes()
        buildListeners(shared)
        setRecords(records)
        tracing = snapshot.blueprint.tracing.map { Tracing($0) }
    }

    /// Goes over to another snapshot, between two events: what it left alone goes on untouched, and what it has no more
    /// is drained.
    ///
    /// - Parameter tables: of its routes, made before so that nobody waits for them here; nil when routes stay as they
    ///   are.
    package func take(_ snapshot: Snapshot, shared: SharedState, tables: RouteTables?) {
        self.snapshot = snapshot
        tracing = snapshot.blueprint.tracing.map { Tracing($0) }
        if let tables { self.tables = tables }
        metrics = WorkerMetrics(shape: snapshot.metricsShape, continuing: metrics)
        let (formerPools, formerListeners) = (poolsByName, listeners)
        buildPools(shared)
        let gone = formerPools.filter { poolsByName[$0.key] !== $0.value }
        buildRoutes(keepingAllBut: tables == nil ? Set(gone.values.map(ObjectIdentifier.init)) : nil)
        buildListeners(shared)
        for (name, pool) in gone { pool.retire(inFavourOf: poolsByName[name]) }
        let inUse = Set(listeners.map(ObjectIdentifier.init))
        let leaving = ContiguousArray(formerListeners.filter { !inUse.contains(ObjectIdentifier($0)) })
        drain(leaving)
    }

    /// - Parameter gone: pools of which nothing may be kept; nil when the routes themselves have changed.
    private func buildRoutes(keepingAllBut gone: Set<ObjectIdentifier>? = nil) {
        let blueprint = snapshot.blueprint
        let former = routes
        routes = ContiguousArray(
            blueprint.routes.indices.map { index in
                // Ten thousand routes are made in some milliseconds, for which clients would wait.
                if let gone, former[index].sendsNothing(to: gone) { return former[index] }
                return RouteRuntime(blueprint.routes[index], metrics: metrics.routes[index], pool: pool)
            })
    }

    private func buildPools(_ shared: SharedState) {
        let former = poolsByName
        pools = ContiguousArray(
            shared.pools.enumerated().map { index, pool in
                let known = former[pool.blueprint.name]
                if let known, known.runs(pool) { return known }
                return PoolRuntime(
                    pool, metrics: metrics.pools[index], worker: worker, http2: http2, continuing: known)
            })
        poolsByName = Dictionary(
            zip(shared.pools.map(\.blueprint.name), pools).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
        for (pool, shared) in zip(pools, shared.pools) {
            // Kept answers stay where the pool does; another pool may be another one now.
            if case .stale = pool.fallback { continue }
            pool.fallback = Fallback(shared.blueprint.fallback, workers: shared.board.workerCount, pool: self.pool)
        }
    }

    private func buildListeners(_ shared: SharedState) {
        let blueprint = snapshot.blueprint
        let reserved = Set(blueprint.listeners.compactMap { $0.tls?.clientCertificates?.header }).sorted()
        let reservedHeaders = reserved.map { Array($0.utf8) }
        let former = listeners
        listeners = ContiguousArray(
            blueprint.listeners.indices.map { index in
                let configured = blueprint.listeners[index]
                let bind = snapshot.binds[index]
                let settings = ListenerSettings(
                    configured, tls: shared.security.listeners[index],
                    detour: Detour(configured, in: snapshot, challenges: shared.security.challenges),
                    reservedHeaders: reservedHeaders, pool: pool)
                let known = former.first { $0.isSame(as: configured, at: bind) }
                known?.settings = settings
                let listener =
                    known
                    ?? ListenerRuntime(
                        configured.name, bind: bind, settings, gate: shared.listeners[index],
                        metrics: metrics.listeners[index], service: configured.servesAdmin ? service : nil)
                listener.routes = ListenerRoutes(tables.table(of: configured.name), routes)
                return listener
            })
        guard let service, let bind = snapshot.adminBind, worker.index == 0, let gate = shared.admin else { return }
        if let known = former.first(where: { $0.service != nil && $0.name == "admin" && $0.bind == bind }) {
            listeners.append(known)
            return
        }
        let admin = Blueprint.Listener(name: "admin", bind: blueprint.admin?.bind ?? .unix(path: ""))
        listeners.append(
            ListenerRuntime(
                "admin", bind: bind, ListenerSettings(admin, pool: pool), gate: gate,
                metrics: ListenerMetrics(name: "admin"), service: service))
    }

    private func pool(_ name: String) -> PoolRuntime? { poolsByName[name] }

    /// Has so many connections ready for each server of a pool, before a rise.
    package func connectAhead(_ count: Int, in pool: String) { self.pool(pool)?.connectAhead(count) }

    /// Records go there from now on; nil: nowhere.
    package func setRecords(_ hub: RecordHub?) {
        recorder?.flush()
        recorder = hub.map { Recorder($0) }
        noteReaders()
    }

    func noteReaders() { isRecording = recorder != nil || tap != nil }

    /// From now on every answer ends its connection; idle connections on both sides are closed.
    ///
    /// - Parameter keepsAdmin: the admin listener goes on: it tells how the drain goes.
    package func drain(keepsAdmin: Bool = true) {
        // Behind those that are configured comes the one that tells.
        drain(keepsAdmin ? ContiguousArray(listeners.prefix(snapshot.blueprint.listeners.count)) : listeners)
        for pool in pools { pool.dropIdle() }
    }

    private func drain(_ leaving: ContiguousArray<ListenerRuntime>) {
        guard !leaving.isEmpty else { return }
        for listener in leaving { listener.isDraining = true }
        worker.drainSockets()
    }

    package func flushRecords() { recorder?.flush() }
}

extension Runtime: Housekeeper {
    package func keepHouse() {
        for pool in pools { pool.keepHouse() }
        metrics.loop.counts.loopTurns = worker.turns
        metrics.loop.counts.events = worker.events
        metrics.loop.counts.buffersInUse = worker.buffers.lent
        metrics.loop.counts.tasksRunning = worker.tasks.count
        recorder?.flush()
        tap?.reportDrops()
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
