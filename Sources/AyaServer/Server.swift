internal import AyaConfig
internal import AyaCore
internal import AyaExport
internal import AyaProxy
internal import AyaReactor
package import AyaTelemetry
internal import Synchronization

/// A running Aya: its workers and listeners, from a configuration until it is stopped.
///
///     let server = try Server.start(Configuration(path: "aya.yaml"))
///     …
///     await server.stop()
public final class Server: Sendable {
    private let workers: [WorkerSite]
    private let health: HealthThread
    private let certificates: CertificateThread
    private let reloader: Reloader
    private let source: Configuration.Source
    private let upgrader: Upgrader
    private let history: HistoryKeeper?
    private let brain: BrainKeeper?
    private let log: Log
    private let phase: Phase
    private let alerts: AlertWatch
    private let metrics: MetricsPush
    private let watch: WorkerWatch

    private init(
        _ reloader: Reloader, source: Configuration.Source, workers: [WorkerSite], health: HealthThread,
        certificates: CertificateThread, history: HistoryKeeper?, brain: BrainKeeper?, upgrader: Upgrader,
        alerts: AlertWatch, metrics: MetricsPush, watch: WorkerWatch, log: Log, phase: Phase
    ) {
        self.watch = watch
        self.history = history
        self.metrics = metrics
        self.alerts = alerts
        self.brain = brain
        self.upgrader = upgrader
        self.reloader = reloader
        self.source = source
        self.workers = workers
        self.health = health
        self.certificates = certificates
        self.log = log
        self.phase = phase
    }

    /// Where each listener is reached, by its name; `admin` for the admin listener. Tells the port when the
    /// configuration asked for port 0.
    public var addresses: [String: String] { reloader.running.addresses }

    /// Opens every listener and starts the workers. Nothing runs when it throws.
    public static func start(_ configuration: Configuration) throws(StartError) -> Server {
        try start(configuration, log: .standard)
    }

    /// - Parameter succession: how another process can take over from this one; nil when none can.
    package static func start(
        _ configuration: Configuration, log: Log, succession: Succession? = nil
    ) throws(StartError) -> Server {
        let blueprint = configuration.blueprint
        let descriptors = DescriptorBudget(total: Machine.raiseDescriptorLimit())
        let processors = Machine.processors()
        let count: Int
        switch blueprint.workers {
        case .auto: count = processors.count
        case .exactly(let stated): count = stated
        }
        let ground = Preparation.Ground(
            workers: count, descriptors: descriptors, log: log, inheritance: succession?.inheritance,
            calls: CallThread())
        let history = GenerationHistory(stateDirectory: blueprint.state, log: log)
        let prepared = try Preparation(blueprint, number: history.startNumber(blueprint), on: ground)
        for warning in prepared.warnings { log.warning(warning) }
        for notice in prepared.notices { log.notice(notice) }
        let generation = prepared.generation
        KeptLogLevel(stateDirectory: blueprint.state).apply(to: log)
        let phase = Phase()
        let directory = WorkerDirectory()
        let health = HealthThread()
        let certificates = CertificateThread(log: log)
        let reloader = Reloader(
            generation, on: ground, workers: directory, health: health, certificates: certificates, phase: phase,
            history: history)
        let upgrader = Upgrader(reloader, workers: directory, phase: phase, succession: succession, log: log)
        let keeper = HistoryKeeper(blueprint, log: log)
        let trail = AuditTrail(AuditFile(stateDirectory: blueprint.state, log: log))
        let brain = keeper.map {
            BrainKeeper(
                $0, reloader, workers: directory, health: health, certificates: certificates, trail: trail, log: log)
        }
        let status = StatusReport(
            reloader, phase: phase, directory: directory, health: health, certificates: certificates, history: keeper,
            brain: brain)
        let alerts = AlertWatch(reloader, status: status, log: log)
        let metrics = MetricsPush(reloader, status: status, log: log)
        let control = Control(
            reloader, source: configuration.source, upgrader: upgrader, status: status, health: health,
            taps: TapDesk(directory), explainer: ExplainDesk(reloader: reloader, workers: directory), history: keeper,
            alerts: alerts, brain: brain, trail: trail, log: log)
        let sites = (0..<count).map { WorkerSite(index: $0, log: log) }
        let doors = prepared.handOverDoors()
        for site in sites {
            // A thread that cannot be made at this point means a machine out of memory: there is nobody to serve.
            let processor = count <= processors.count ? processors[site.index] : nil
            do {
                let flows = succession?.inheritance?.take(beginningWith: FlowName.prefix(worker: site.index)) ?? []
                try site.start(
                    generation, doors, service: control.service, processor: processor, flows: flows)
            } catch {
                for started in sites where started.index < site.index { started.end() }
                throw StartError("worker \(site.index) can not start: \(error)")
            }
        }
        directory.set(sites)
        do {
            try health.start(generation.shared, log: log)
        } catch {
            for site in sites { site.end() }
            throw StartError("the health thread can not start: \(error)")
        }
        do {
            try certificates.watch(generation.certificates)
        } catch {
            health.end()
            for site in sites { site.end() }
            throw StartError("the thread of certificates can not start: \(error)")
        }
        let server = Server(
            reloader, source: configuration.source, workers: sites, health: health, certificates: certificates,
            history: keeper, brain: brain, upgrader: upgrader, alerts: alerts, metrics: metrics,
            watch: WorkerWatch(directory, log: log), log: log, phase: phase)
        keeper?.start(status, reloader, workers: count)
        alerts.start()
        metrics.start()
        brain?.start()
        server.watch.start()
        history.add(generation.number, blueprint, origin: "start", summary: "")
        phase.advance(to: .serving)
        succession?.inheritance?.announceReadiness()
        return server
    }

    // MARK: change

    /// Goes over to another configuration without losing a request: what it leaves alone goes on untouched, and what
    /// it has no more finishes what runs. When it throws, nothing has changed.
    @discardableResult
    public func reload(_ configuration: Configuration) async throws(ReloadError) -> Reload {
        try await reload { () throws(ReloadError) in configuration }
    }

    /// Whether the configuration came from a file that can be read again.
    public var canReload: Bool { source.path != nil }

    /// Tells when the configuration's files change.
    package var sourceWatch: SourceWatch { SourceWatch(source) }

    /// The same with what the configuration's file, or directory, says now.
    @discardableResult
    public func reload() async throws(ReloadError) -> Reload {
        let source = source
        return try await reload { () throws(ReloadError) in try source.read() }
    }

    private func reload(
        _ configuration: @escaping @Sendable () throws(ReloadError) -> Configuration
    ) async throws(ReloadError) -> Reload {
        let result = await reloader.change(Wish(origin: "reload")) { plan throws(ReloadError) in
            plan.with(try configuration())
        }
        return try result.get()
    }

    /// Opens the files of access logs anew, for rotation by others.
    public func reopenLogs() { for log in reloader.running.outlets.logs { log.reopen() } }

    /// Reads the files of certificates and keys again, without waiting for the next look at them. One that can't be used
    /// leaves its certificate as it is; the log says so.
    public func reloadCertificates() { certificates.readFiles() }

    /// Has another process take over, from the program that is on the disk now; then this one is sent SIGTERM. When it
    /// throws, everything goes on as before.
    package func upgrade() async throws(UpgradeError) { _ = try await upgrader.run() }

    // MARK: the end

    /// Takes no new connections, lets what runs finish for as long as the configuration's grace, then ends. Returns
    /// how many connections had to be cut.
    @discardableResult
    public func stop() async -> Int {
        await stop(grace: phase.isHandedOver ? Self.lingering : reloader.running.blueprint.drain.grace)
    }

    /// How long what runs may go on where another process serves: it is in nobody's way.
    private static let lingering = Duration.seconds(24 * 3600)

    /// The same, with a grace of the caller's choice.
    @discardableResult
    public func stop(grace: Duration) async -> Int {
        guard phase.advance(to: .draining) else { return 0 }
        // A change that is being made comes to its end first, so that what stops is one generation.
        await reloader.settle()
        log.notice("draining", ["connections": "\(openConnections)", "grace": "\(grace)"])
        await brain?.end()
        watch.end()
        if phase.isHandedOver { await history?.end() }
        for worker in workers { worker.drain(isHandedOver: phase.isHandedOver) }
        let deadline = ContinuousClock.now + grace
        while openConnections > 0, ContinuousClock.now < deadline, phase.current != .ending {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let cut = openConnections
        await history?.end()
        for worker in workers { worker.end() }
        alerts.end()
        metrics.end()
        health.end()
        certificates.end()
        for outlet in reloader.running.outlets.all { outlet.close() }
        reloader.ground.calls.end()
        if !phase.isHandedOver { for path in reloader.running.socketFiles { Descriptors.removeSocketFile(path) } }
        log.notice("stopped", ["cut": "\(cut)"])
        return cut
    }

    /// Takes a server of a pool out of service: it gets no new work, finishes what runs, and clients that persistence
    /// binds to it still reach it until `time` has passed. False when there is no such server.
    @discardableResult
    package func drain(_ server: String, of pool: String, for time: Duration) async -> Bool {
        await health.drain(server, of: pool, for: time)
    }

    /// Gives a drained or draining server work again. False when there is no such server.
    @discardableResult
    package func endDraining(_ server: String, of pool: String) async -> Bool {
        await health.endDraining(server, of: pool)
    }

    /// Whether another process serves in place of this one.
    package var isHandedOver: Bool { phase.isHandedOver }

    /// How long a stop may take, as the configuration says.
    package var grace: Duration { reloader.running.blueprint.drain.grace }

    /// The generation that runs.
    package var generation: Int { reloader.running.number }

    /// The workers that do not take a turn in time, by number.
    package func silentWorkers(within patience: Duration) async -> [Int] {
        await withTaskGroup(of: Int?.self) { group in
            for worker in workers {
                group.addTask { await worker.answers(within: patience) ? nil : worker.index }
            }
            var silent: [Int] = []
            for await index in group { if let index { silent.append(index) } }
            return silent.sorted()
        }
    }

    /// Ends the grace of a stop that is under way: what still runs is cut now.
    public func endGrace() { phase.advance(to: .ending) }

    /// Who asks for an upgrade gets its answer before the end.
    private var openConnections: Int { reloader.openConnections(withAdmin: phase.isHandedOver) }
}

/// How far the life of a server has come.
final class Phase: Sendable {
    enum Stage: Int, Sendable { case starting, serving, draining, ending }
    private let stage = Mutex(Stage.starting)
    private let succeeded = Mutex(false)

    /// Another process has taken over.
    var isHandedOver: Bool { succeeded.withLock { $0 } }
    func handOver() { succeeded.withLock { $0 = true } }

    var current: Stage { stage.withLock { $0 } }

    /// False when this stage was reached before.
    @discardableResult
    func advance(to next: Stage) -> Bool {
        stage.withLock { stage in
            guard next.rawValue > stage.rawValue else { return false }
            stage = next
            return true
        }
    }
}
