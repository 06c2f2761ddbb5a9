internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// One worker of a server as the control plane sees it, and what lives on its thread: the runtime and the listeners.
final class WorkerSite: @unchecked Sendable {
    let index: Int
    private let snapshot: Snapshot
    private let shared: SharedState
    private let accessLog: AccessLogWriter?
    private let log: Log
    private let descriptors: [Int32?]
    private let admin: Admin?
    private let thread = Mutex<WorkerThread?>(nil)

    // Safe: the fields below are used on the worker's thread alone.
    private var runtime: Runtime?
    private var acceptors: [Acceptor] = []
    private var adminAcceptor: Acceptor?
    private var datagrams: [UDPListener] = []

    struct Admin: Sendable {
        let descriptor: Int32
        let status: StatusReport
    }

    init(
        index: Int, snapshot: Snapshot, shared: SharedState, accessLog: AccessLogWriter?, log: Log,
        descriptors: [Int32?], admin: Admin?
    ) {
        self.index = index
        self.snapshot = snapshot
        self.shared = shared
        self.accessLog = accessLog
        self.log = log
        self.descriptors = descriptors
        self.admin = admin
    }

    func start(processor: Int?) throws(SystemError) {
        let started = try WorkerThread(index: index, processor: processor) { worker in self.open(on: worker) }
        thread.withLock { $0 = started }
    }

    private func open(on worker: Worker) {
        let runtime = Runtime(
            snapshot, shared: shared, worker: worker, admin: admin?.status.service, accessLog: accessLog)
        self.runtime = runtime
        for (position, listener) in runtime.listeners.enumerated() {
            if position < descriptors.count {
                guard let descriptor = descriptors[position] else { continue }
                if case .udp = listener.kind {
                    if let flows = UDPListener(descriptor, listener: listener, runtime: runtime) {
                        datagrams.append(flows)
                    }
                } else {
                    acceptors.append(accept(descriptor, listener, runtime))
                }
            } else if let admin {
                adminAcceptor = accept(admin.descriptor, listener, runtime)
            }
        }
        Machine.trimHeap()
    }

    private func accept(_ descriptor: Int32, _ listener: ListenerRuntime, _ runtime: Runtime) -> Acceptor {
        Acceptor(ListeningSocket(descriptor, worker: runtime.worker), listener: listener, runtime: runtime, log: log)
    }

    /// Closes the listeners; what runs goes on. The admin listener stays, to tell how the drain goes.
    func drain() {
        post { _ in
            for acceptor in self.acceptors { acceptor.stop() }
            for listener in self.datagrams { listener.drain() }
            self.acceptors = []
            self.runtime?.drain()
        }
    }

    /// Cuts what still runs, ends the thread and waits for it.
    func end() {
        post { worker in
            for acceptor in self.acceptors { acceptor.stop() }
            self.adminAcceptor?.stop()
            self.adminAcceptor = nil
            for listener in self.datagrams { listener.close() }
            self.runtime?.sessions.cutAll(.draining)
            worker.breakOff()
            worker.atTurnEnd(self)
        }
        thread.withLock { $0 }?.join()
    }

    /// The worker's counters, copied on its own thread.
    func metrics() async -> MetricsSnapshot? {
        await thread.withLock { $0 }?.ask { _ in self.runtime?.metrics.snapshot() } ?? nil
    }

    private func post(_ message: @escaping @Sendable (Worker) -> Void) { thread.withLock { $0 }?.post(message) }
}

extension WorkerSite: TurnEndWork {
    /// The turn in which everything was cut is over: tasks have ended and written their records.
    func flush() {
        runtime?.flushAccessLog()
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
