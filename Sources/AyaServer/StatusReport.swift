internal import AyaAdmin
internal import AyaConfig
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// What the admin API says about this server: joins the generation it runs, its phase, and the counters of its workers,
/// each copied on its own thread.
final class StatusReport: StatusSource {
    private let reloader: Reloader
    private let phase: Phase
    private let directory: WorkerDirectory
    private let health: HealthThread
    private let started = ContinuousClock.now
    private let startTime = Double(Machine.wallClock()) / 1e9

    private let certificates: CertificateThread
    private let history: HistoryKeeper?
    private let brain: BrainKeeper?
    /// Set by who watches for alerts, which needs the counters itself.
    private let alerts = Mutex<AlertCounts?>(nil)

    init(
        _ reloader: Reloader, phase: Phase, directory: WorkerDirectory, health: HealthThread,
        certificates: CertificateThread, history: HistoryKeeper?, brain: BrainKeeper?
    ) {
        self.history = history
        self.brain = brain
        self.reloader = reloader
        self.certificates = certificates
        self.phase = phase
        self.directory = directory
        self.health = health
    }

    func note(_ counts: AlertCounts?) { alerts.withLock { $0 = counts } }

    func metrics() async -> MetricsSnapshot {
        var sum = await counters()
        sum.certificates = await certificates.report()
        sum.history = await history?.counts()
        let outlets = reloader.running.outlets
        sum.logs = outlets.logs.map { Sample(name: $0.name, counts: $0.counts) }
        sum.capacity = brain?.capacity ?? []
        sum.alerts = alerts.withLock { $0 }
        sum.traces = outlets.traces.map { TraceCounts($0.counts) }
        return sum
    }

    /// What changes from second to second.
    func counters() async -> MetricsSnapshot {
        var sum = await workerMetrics()
        sum.health = await health.report().map { report in
            HealthSample(
                pool: report.pool,
                servers: report.servers.map { Sample(name: $0.address, counts: $0.health.counts) })
        }
        return sum
    }

    private func workerMetrics() async -> MetricsSnapshot {
        await withTaskGroup(of: MetricsSnapshot?.self) { group in
            for site in directory.all { group.addTask { await site.metrics() } }
            var snapshots: [MetricsSnapshot] = []
            for await snapshot in group { if let snapshot { snapshots.append(snapshot) } }
            return MetricsSnapshot.merge(snapshots)
        }
    }

    func facts() async -> ProcessFacts {
        var facts = ProcessFacts.current(
            version: Server.version, generation: reloader.running.number, startTime: startTime)
        facts.silentWorkers = silentWorkers.count
        return facts
    }

    var silentWorkers: [Int] { directory.silent }

    func readiness() async -> Readiness { Readiness(phase.current) }

    func status() async -> ServerStatus {
        let known = Dictionary(
            await health.report().map { report in
                let servers = report.servers.map { ($0.address, $0.health) }
                return (report.pool, Dictionary(servers, uniquingKeysWith: { first, _ in first }))
            }, uniquingKeysWith: { first, _ in first })
        let running = reloader.running
        let blueprint = running.blueprint
        let listeners = zip(blueprint.listeners, running.snapshot.binds).map { listener, bind in
            ServerStatus.Listener(
                name: listener.name, kind: listener.servesAdmin ? "admin" : listener.kind.name,
                address: bind.description)
        }
        let pools = blueprint.pools.map { pool in
            ServerStatus.Pool(
                name: pool.name, balance: pool.balance.rawValue,
                servers: pool.servers.map { server in
                    let health = known[pool.name]?["\(server.address)"]
                    return ServerStatus.Server(
                        address: "\(server.address)", weight: server.weight, state: health?.state ?? .available,
                        since: health?.since, reason: health?.reason)
                })
        }
        return ServerStatus(
            version: Server.version, generation: running.number, readiness: Readiness(phase.current),
            uptime: ContinuousClock.now - started, listeners: listeners, pools: pools,
            disabledRoutes: reloader.disabledRoutes, silentWorkers: silentWorkers)
    }
}

extension Readiness {
    fileprivate init(_ stage: Phase.Stage) {
        switch stage {
        case .starting: self = .starting
        case .serving: self = .ready
        case .draining, .ending: self = .draining
        }
    }
}

extension Blueprint.Listener.Kind {
    fileprivate var name: String {
        switch self {
        case .http: "http"
        case .tcp: "tcp"
        case .udp: "udp"
        }
    }
}
