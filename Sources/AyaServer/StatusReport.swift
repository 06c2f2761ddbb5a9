internal import AyaAdmin
internal import AyaConfig
internal import AyaHTTP
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// What the admin API says about this server: joins the snapshot it runs, its phase, and the counters of its workers,
/// each copied on its own thread.
final class StatusReport: StatusSource {
    private let snapshot: Snapshot
    private let phase: Phase
    private let directory: WorkerDirectory
    private let health: HealthThread
    private let started = ContinuousClock.now
    private let startTime = Double(Machine.wallClock()) / 1e9

    private let certificates: CertificateThread

    init(
        snapshot: Snapshot, phase: Phase, directory: WorkerDirectory, health: HealthThread,
        certificates: CertificateThread
    ) {
        self.certificates = certificates
        self.snapshot = snapshot
        self.phase = phase
        self.directory = directory
        self.health = health
    }

    var service: any HTTPService { AdminService(self) }

    func metrics() async -> MetricsSnapshot {
        var sum = await workerMetrics()
        let health = await health.report()
        sum.health = zip(snapshot.blueprint.pools, health).map { pool, servers in
            HealthSample(
                pool: pool.name,
                servers: zip(pool.servers, servers).map { Sample(name: "\($0.address)", counts: $1.counts) })
        }
        sum.certificates = await certificates.report()
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
        ProcessFacts.current(version: Server.version, generation: snapshot.generation, startTime: startTime)
    }

    func readiness() async -> Readiness { Readiness(phase.current) }

    func status() async -> ServerStatus {
        let blueprint = snapshot.blueprint
        let listeners = zip(blueprint.listeners, snapshot.binds).map { listener, bind in
            ServerStatus.Listener(name: listener.name, kind: listener.kind.name, address: bind.description)
        }
        let health = await health.report()
        let pools = blueprint.pools.enumerated().map { index, pool in
            ServerStatus.Pool(
                name: pool.name, balance: pool.balance.rawValue,
                servers: pool.servers.enumerated().map { position, server in
                    let known = index < health.count ? health[index][position] : nil
                    return ServerStatus.Server(
                        address: "\(server.address)", weight: server.weight, state: known?.state ?? .available,
                        since: known?.since, reason: known?.reason)
                })
        }
        return ServerStatus(
            version: Server.version, generation: snapshot.generation, readiness: Readiness(phase.current),
            uptime: ContinuousClock.now - started, listeners: listeners, pools: pools)
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
