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
    private let started = ContinuousClock.now
    private let startTime = Double(Machine.wallClock()) / 1e9

    init(snapshot: Snapshot, phase: Phase, directory: WorkerDirectory) {
        self.snapshot = snapshot
        self.phase = phase
        self.directory = directory
    }

    var service: any HTTPService { AdminService(self) }

    func metrics() async -> MetricsSnapshot {
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
        let pools = blueprint.pools.map { pool in
            ServerStatus.Pool(name: pool.name, balance: pool.balance.rawValue, servers: pool.servers.map(Self.server))
        }
        return ServerStatus(
            version: Server.version, generation: snapshot.generation, readiness: Readiness(phase.current),
            uptime: ContinuousClock.now - started, listeners: listeners, pools: pools)
    }

    private static func server(_ server: Blueprint.Server) -> ServerStatus.Server {
        ServerStatus.Server(
            address: "\(server.address)", weight: server.weight, state: server.weight == 0 ? "draining" : "available")
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
