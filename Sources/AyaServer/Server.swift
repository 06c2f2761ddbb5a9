internal import AyaConfig
internal import AyaCore
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
    private let blueprint: Blueprint
    private let workers: [WorkerSite]
    private let health: HealthThread
    private let certificates: CertificateThread
    private let shared: SharedState
    private let accessLog: AccessLogWriter?
    private let log: Log
    private let binds: [BoundEndpoint]
    private let phase: Phase

    private init(
        _ snapshot: Snapshot, workers: [WorkerSite], health: HealthThread, certificates: CertificateThread,
        shared: SharedState, accessLog: AccessLogWriter?, log: Log, phase: Phase
    ) {
        blueprint = snapshot.blueprint
        self.workers = workers
        self.health = health
        self.certificates = certificates
        self.shared = shared
        self.accessLog = accessLog
        self.log = log
        self.phase = phase
        binds = snapshot.binds + (snapshot.adminBind.map { [$0] } ?? [])
        addresses = Self.addresses(of: snapshot)
    }

    /// Where each listener is reached, by its name; `admin` for the admin listener. Tells the port when the
    /// configuration asked for port 0.
    public let addresses: [String: String]

    /// Opens every listener and starts the workers. Nothing runs when it throws.
    public static func start(_ configuration: Configuration) throws(StartError) -> Server {
        try start(configuration, log: .standard)
    }

    package static func start(_ configuration: Configuration, log: Log) throws(StartError) -> Server {
        let blueprint = configuration.blueprint
        let descriptors = DescriptorBudget(total: Machine.raiseDescriptorLimit())
        let processors = Machine.processors()
        let count: Int
        switch blueprint.workers {
        case .auto: count = processors.count
        case .exactly(let stated): count = stated
        }
        var snapshot = try Snapshot(resolving: blueprint, generation: 1)
        let accessLog = try step { try openAccessLog(blueprint.accessLog, log: log) }
        let security = try step { try Security(blueprint) }
        for warning in security.warnings { log.warning(warning) }
        var listeners = try OpenListeners(&snapshot, workers: count)
        let secrets = try step { try PersistenceSecrets(blueprint) }
        if let notice = secrets.notice { log.notice(notice) }
        let shared = try step {
            try SharedState(
                blueprint, workers: count, descriptors: descriptors, secrets: secrets, security: security)
        }
        let phase = Phase()
        let directory = WorkerDirectory()
        let health = HealthThread()
        let certificates = CertificateThread()
        let status = StatusReport(
            snapshot: snapshot, phase: phase, directory: directory, health: health, certificates: certificates)
        let sites = (0..<count).map { index in
            WorkerSite(
                index: index, snapshot: snapshot, shared: shared, accessLog: accessLog, log: log,
                descriptors: listeners.descriptors.map { $0.isEmpty ? nil : $0[index] },
                admin: index == 0 ? listeners.admin.map { WorkerSite.Admin(descriptor: $0, status: status) } : nil)
        }
        listeners.handOver()
        for site in sites {
            // A thread that cannot be made at this point means a machine out of memory: there is nobody to serve.
            let processor = count <= processors.count ? processors[site.index] : nil
            do {
                try site.start(processor: processor)
            } catch {
                for started in sites where started.index < site.index { started.end() }
                throw StartError("worker \(site.index) can not start: \(error)")
            }
        }
        directory.set(sites)
        do {
            try health.start(snapshot, shared, log: log)
        } catch {
            for site in sites { site.end() }
            throw StartError("the health thread can not start: \(error)")
        }
        do {
            try certificates.watch(shared.security.certificates, log: log)
        } catch {
            health.end()
            for site in sites { site.end() }
            throw StartError("the thread of certificates can not start: \(error)")
        }
        let server = Server(
            snapshot, workers: sites, health: health, certificates: certificates, shared: shared, accessLog: accessLog,
            log: log, phase: phase)
        phase.advance(to: .serving)
        return server
    }

    /// What a step throws is why there is no start.
    private static func step<Value>(_ work: () throws -> Value) throws(StartError) -> Value {
        do {
            return try work()
        } catch {
            throw StartError("\(error)")
        }
    }

    private static func openAccessLog(_ configured: Blueprint.AccessLog, log: Log) throws -> AccessLogWriter? {
        switch configured {
        case .off: nil
        case .standardError: try AccessLogWriter(.standardError, log: log)
        case .file(let path): try AccessLogWriter(.file(path: path), log: log)
        }
    }

    private static func addresses(of snapshot: Snapshot) -> [String: String] {
        var addresses: [String: String] = [:]
        for (listener, bind) in zip(snapshot.blueprint.listeners, snapshot.binds) {
            addresses[listener.name] = bind.description
        }
        if let bind = snapshot.adminBind { addresses["admin"] = bind.description }
        return addresses
    }

    /// Opens the access log's file anew, for rotation.
    public func reopenLogs() { accessLog?.reopen() }

    /// Reads the files of certificates and keys again, without waiting for the next look at them. One that can't be used
    /// leaves its certificate as it is; the log says so.
    public func reloadCertificates() { certificates.readFiles() }

    /// Takes no new connections, lets what runs finish for as long as the configuration's grace, then ends. Returns
    /// how many connections had to be cut.
    @discardableResult
    public func stop() async -> Int { await stop(grace: blueprint.drain.grace) }

    /// The same, with a grace of the caller's choice.
    @discardableResult
    public func stop(grace: Duration) async -> Int {
        guard phase.advance(to: .draining) else { return 0 }
        log.notice("draining", ["connections": "\(openConnections)", "grace": "\(grace)"])
        for worker in workers { worker.drain() }
        let deadline = ContinuousClock.now + grace
        while openConnections > 0, ContinuousClock.now < deadline, phase.current != .ending {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let cut = openConnections
        for worker in workers { worker.end() }
        health.end()
        certificates.end()
        accessLog?.close()
        for case .unix(let path) in binds where !path.hasPrefix("@") { Descriptors.removeSocketFile(path) }
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

    /// Ends the grace of a stop that is under way: what still runs is cut now.
    public func endGrace() { phase.advance(to: .ending) }

    private var openConnections: Int { shared.listeners.reduce(0) { $0 + $1.count } }
}

/// How far the life of a server has come.
final class Phase: Sendable {
    enum Stage: Int, Sendable { case starting, serving, draining, ending }
    private let stage = Mutex(Stage.starting)

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
