internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The thread that watches servers, as the rest of the control plane sees it.
///
/// It is a worker of the reactor without listeners: probes are the same straight-line code on the same sockets and
/// timers as the data plane, but never take a turn of a worker that serves clients.
final class HealthThread: @unchecked Sendable {
    private let thread = Mutex<WorkerThread?>(nil)
    // Safe: used on the thread alone.
    private var desk: HealthDesk?

    init() {}

    func start(_ shared: SharedState, log: Log) throws(SystemError) {
        let started = try WorkerThread(index: 0, processor: nil, name: "aya-health") { worker in
            self.desk = HealthDesk(shared, worker: worker, log: log)
        }
        thread.withLock { $0 = started }
    }

    /// Goes over to another configuration's pools.
    func take(_ shared: SharedState) async { await thread.withLock { $0 }?.ask { _ in self.desk?.take(shared) } }

    /// In the order of the configuration; empty before the start and after the end.
    func report() async -> [PoolHealthReport] {
        await thread.withLock { $0 }?.ask { _ in self.desk?.pools.map { $0.report() } ?? [] } ?? []
    }

    /// Takes a server out of service: no new work, but persistence is honoured until `time` has passed, or what the
    /// pool's configuration says. False when there is no such server.
    func drain(_ server: String, of pool: String, for time: Duration? = nil) async -> Bool {
        await with(server, of: pool) { pool, position, worker in
            let time = time ?? pool.drainTime
            pool.drain(position, until: time.map { worker.now + Interval($0) } ?? .distantFuture)
        }
    }

    func endDraining(_ server: String, of pool: String) async -> Bool {
        await with(server, of: pool) { pool, position, _ in pool.endDraining(position) }
    }

    private func with(
        _ server: String, of pool: String, _ body: @escaping @Sendable (PoolHealth, Int, Worker) -> Void
    ) async -> Bool {
        await thread.withLock { $0 }?.ask { worker in
            guard let pool = self.desk?.pools.first(where: { $0.name == pool }),
                let position = pool.position(of: server)
            else { return false }
            body(pool, position, worker)
            return true
        } ?? false
    }

    /// Ends the thread and waits for it.
    func end() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        // Probes under way end by the failure they meet, and commands are killed.
        thread?.end { self.desk?.stop() }
        desk = nil
    }
}
