internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// One worker of a server as the control plane sees it, and what lives on its thread: the runtime and the doors that
/// connections come through.
final class WorkerSite: @unchecked Sendable {
    let index: Int
    private let log: Log
    private let thread = Mutex<WorkerThread?>(nil)
    /// As they were told last.
    private let knownMetrics = Mutex<MetricsSnapshot?>(nil)
    private let silence = Mutex(false)

    // Safe: the fields below are used on the worker's thread alone.
    private var runtime: Runtime?
    /// By listener of the snapshot that the runtime has.
    private var doors: [Door?] = []
    private var admin: Acceptor?
    /// Of listeners that are gone, while they have flows.
    private var leaving: [UDPListener] = []

    private enum Door {
        case connections(Acceptor)
        case datagrams(UDPListener)
    }

    init(index: Int, log: Log) {
        self.index = index
        self.log = log
    }

    /// - Parameters:
    ///   - service: what answers on the admin listener.
    ///   - flows: that another process began on the worker of this number.
    func start(
        _ generation: Generation, _ doors: Doors, service: any HTTPService, processor: Int?,
        flows: [Successor.Bequest] = []
    ) throws(SystemError) {
        let started = try WorkerThread(index: index, processor: processor) { worker in
            let runtime = Runtime(
                generation.snapshot, shared: generation.shared, worker: worker, admin: service,
                records: generation.outlets.hub)
            self.runtime = runtime
            self.open(doors, runtime)
            self.adopt(flows, runtime)
            Machine.trimHeap()
        }
        thread.withLock { $0 = started }
    }

    /// Goes over to another generation; what it has no more is drained.
    ///
    /// - Parameter tables: of its routes; nil when they stay as they are.
    func take(_ generation: Generation, _ doors: Doors, tables: consuming RouteTables?, changesRecords: Bool) async {
        // Safe: made for this worker alone, and let go of here.
        nonisolated(unsafe) let tables = tables
        await thread.withLock { $0 }?.ask { _ in
            guard let runtime = self.runtime else { return }
            if changesRecords { runtime.setRecords(generation.outlets.hub) }
            unsafe runtime.take(generation.snapshot, shared: generation.shared, tables: tables)
            self.open(doors, runtime)
        }
    }

    private func adopt(_ bequests: [Successor.Bequest], _ runtime: Runtime) {
        guard !bequests.isEmpty else { return }
        var byListener: [String: [FlowBequest]] = [:]
        for bequest in bequests {
            if let (listener, flow) = FlowName.flow(bequest) {
                byListener[listener, default: []].append(flow)
            } else {
                Descriptors.close(bequest.descriptor)
            }
        }
        for (index, door) in doors.enumerated() {
            guard case .datagrams(let listener) = door else { continue }
            listener.adopt(byListener.removeValue(forKey: runtime.listeners[index].name) ?? [])
        }
        for flow in byListener.values.joined() { Descriptors.close(flow.descriptor) }
    }

    private func open(_ wanted: Doors, _ runtime: Runtime) {
        var former = doors
        doors = zip(wanted.listeners, runtime.listeners).map { door, listener in
            switch door {
            case .opened(let descriptors): return open(descriptors[index], listener, runtime)
            case .kept(let position):
                let known = former[position]
                former[position] = nil
                switch known {
                case .connections(let acceptor): acceptor.accept(for: listener)
                case .datagrams(let flows): flows.followListener()
                case nil: break
                }
                return known
            }
        }
        for door in former { if let door { close(door) } }
        guard index == 0 else { return }
        if case .kept = wanted.admin { return }
        admin?.stop()
        admin = nil
        if case .opened(let descriptors) = wanted.admin, let listener = runtime.listeners.last {
            admin = accept(descriptors[0], listener, runtime)
        }
    }

    private func open(_ descriptor: Int32, _ listener: ListenerRuntime, _ runtime: Runtime) -> Door? {
        guard case .udp = listener.kind else { return .connections(accept(descriptor, listener, runtime)) }
        // One that still drains there would take what is for its successor.
        leaving.removeAll { flows in
            if flows.bind == listener.bind { flows.close() }
            return flows.flowCount == 0 || flows.bind == listener.bind
        }
        return UDPListener(descriptor, listener: listener, runtime: runtime).map(Door.datagrams)
    }

    private func accept(_ descriptor: Int32, _ listener: ListenerRuntime, _ runtime: Runtime) -> Acceptor {
        Acceptor(ListeningSocket(descriptor, worker: runtime.worker), listener: listener, runtime: runtime, log: log)
    }

    /// Nobody new comes in; flows that exist go on.
    private func close(_ door: Door) {
        switch door {
        case .connections(let acceptor): acceptor.stop()
        case .datagrams(let flows):
            flows.drain()
            if flows.flowCount > 0 { leaving.append(flows) }
        }
    }

    /// What listens here, by the names under which another process finds it.
    ///
    /// - Parameter mostFlows: of UDP listeners; their clients get new ones beyond.
    func bequests(_ snapshot: Snapshot, mostFlows: Int) async -> [Successor.Bequest] {
        await thread.withLock { $0 }?.ask { _ in
            var found: [Successor.Bequest] = []
            for (index, listener) in snapshot.blueprint.listeners.enumerated() where index < self.doors.count {
                let name = BequestName(listener.name, listener.kind, snapshot.binds[index]).text
                switch self.doors[index] {
                case .connections(let acceptor): found.append(.init(name: name, descriptor: acceptor.descriptor))
                case .datagrams(let flows):
                    found.append(.init(name: name, descriptor: flows.descriptor))
                    let left = max(0, mostFlows - found.count)
                    for flow in flows.bequests(atMost: left) {
                        found.append(FlowName.bequest(flow, listener: listener.name, worker: self.index))
                    }
                case nil: break
                }
            }
            if let admin = self.admin, let bind = snapshot.adminBind {
                found.append(.init(name: BequestName("admin", .http, bind).text, descriptor: admin.descriptor))
            }
            return found
        } ?? []
    }

    /// Closes the listeners; what runs goes on. The admin listener stays, to tell how the drain goes.
    ///
    /// - Parameter isHandedOver: another process listens on the same sockets: what comes from now on is its.
    func drain(isHandedOver: Bool = false) {
        post { _ in
            for door in self.doors { if let door { self.close(door) } }
            self.doors = []
            if isHandedOver {
                self.admin?.stop()
                self.admin = nil
                for flows in self.leaving { flows.close() }
                self.leaving = []
            }
            self.runtime?.drain(keepsAdmin: !isHandedOver)
        }
    }

    /// Cuts what still runs, ends the thread and waits for it.
    func end() {
        post { worker in
            for door in self.doors { if let door { self.close(door) } }
            self.doors = []
            self.admin?.stop()
            self.admin = nil
            for flows in self.leaving { flows.close() }
            self.runtime?.sessions.cutAll(.draining)
            worker.breakOff()
            worker.atTurnEnd(self)
        }
        thread.withLock { $0 }?.join()
    }

    /// It has not taken a turn for a while.
    var isSilent: Bool {
        get { silence.withLock { $0 } }
        set { silence.withLock { $0 = newValue } }
    }

    /// The worker's counters, copied on its own thread; those of before, for they never go back, while it does not
    /// answer.
    func metrics() async -> MetricsSnapshot? {
        guard !isSilent else { return knownMetrics.withLock { $0 } }
        let told = await Self.first(within: Self.patience) { await self.currentMetrics() }
        guard let told else { return knownMetrics.withLock { $0 } }
        knownMetrics.withLock { $0 = told }
        return told
    }

    private func currentMetrics() async -> MetricsSnapshot? {
        await thread.withLock { $0 }?.ask { _ in self.runtime?.metrics.snapshot() } ?? nil
    }

    /// What becomes of a request here, asked on the worker's thread; nil when it has ended, or does not answer.
    func find(_ question: Question, at listener: Int) async -> Explainer.Finding? {
        guard !isSilent else { return nil }
        return await Self.first(within: Self.patience) { await self.currentFinding(question, at: listener) } ?? nil
    }

    private func currentFinding(_ question: Question, at listener: Int) async -> Explainer.Finding? {
        await thread.withLock { $0 }?.ask { _ in self.runtime?.find(question, at: listener) } ?? nil
    }

    /// Whoever asks wants to know soon; a machine may stall for a moment.
    private static let patience = Duration.seconds(5)

    /// Begins to count requests by client, or ends and gives what was counted.
    func countClients(_ isOn: Bool) async -> ClientCounts {
        await thread.withLock { $0 }?.ask { _ in self.runtime?.countClients(isOn) ?? ClientCounts() } ?? ClientCounts()
    }

    /// Holds these clients, and no others, to so many requests a second each.
    func limitClients(_ rates: [IPAddress: Double]) async {
        await thread.withLock { $0 }?.ask { _ in
            guard let runtime = self.runtime else { return }
            runtime.limitClients(rates)
        }
    }

    /// What ends is told there from now on.
    func setTaps(_ channels: [TapChannel]) { post { _ in self.runtime?.setTaps(channels) } }

    /// Has so many connections ready for each server of a pool.
    func connectAhead(_ count: Int, in pool: String) { post { _ in self.runtime?.connectAhead(count, in: pool) } }

    /// Comes back when the worker has come to it.
    func takeATurn() async { await thread.withLock { $0 }?.ask { _ in } }

    private func post(_ message: @escaping @Sendable (Worker) -> Void) { thread.withLock { $0 }?.post(message) }
}

extension WorkerSite: TurnEndWork {
    /// The turn in which everything was cut is over: tasks have ended and written their records.
    func flush() {
        runtime?.flushRecords()
        // A task may have opened a connection for another try.
        runtime?.worker.breakOff()
        runtime?.worker.stop()
    }
}

/// The workers of a server, known to the admin service that is made before them.
final class WorkerDirectory: Sendable {
    private let sites = Mutex<[WorkerSite]>([])
    func set(_ all: [WorkerSite]) { sites.withLock { $0 = all } }
    var all: [WorkerSite] { sites.withLock { $0 } }
}
