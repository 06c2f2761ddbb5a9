internal import AyaBalance
internal import AyaConfig
package import AyaCore
internal import AyaHTTP
package import AyaReactor
internal import AyaTLS
package import AyaTelemetry
internal import Synchronization

/// Why no connection to a server could be made.
package struct ConnectFailure: Error {
    package var reason: Reason
    package var cause: SystemError?
}

/// One server of a pool as one worker sees it.
package final class ServerRuntime {
    package let index: Int
    package let endpoint: BoundEndpoint
    /// As it stands in logs.
    package let name: [UInt8]
    let recordName: RecordName
    package let metrics: ServerMetrics
    let idle: IdleConnections
    /// Nil for servers of HTTP/1.1.
    let shared: SharedConnections?
    let limit: ConnectionLimit?
    /// Nil for connections in the clear.
    private let tls: TLSTarget?
    private let sessions: TLSSessions
    /// What this worker tells the others about it.
    var seen = PoolBoard.Seen()
    /// On this worker.
    var failuresInARow = 0
    /// Its latest answer had a large body of stated length, so the next one is likely to.
    private(set) var answersInBulk = false

    init(
        index: Int, endpoint: BoundEndpoint, name: String, metrics: ServerMetrics, idle: IdleConnections,
        shared: SharedConnections? = nil, limit: ConnectionLimit?, tls: TLSTarget? = nil,
        sessions: TLSSessions = TLSSessions()
    ) {
        self.shared = shared
        self.tls = tls
        self.sessions = sessions
        self.index = index
        self.endpoint = endpoint
        self.name = Array(name.utf8)
        recordName = RecordName(name.utf8)
        self.metrics = metrics
        self.idle = idle
        self.limit = limit
    }

    /// The same server in a pool that has changed: its connections, sessions and counters go on.
    init(_ former: ServerRuntime, index: Int, limit: ConnectionLimit?, idleLimit: Int, idleTimeout: Interval) {
        self.index = index
        self.limit = limit
        endpoint = former.endpoint
        name = former.name
        recordName = RecordName(name)
        metrics = former.metrics
        idle = former.idle
        shared = former.shared
        tls = former.tls
        sessions = former.sessions
        answersInBulk = former.answersInBulk
        idle.setBounds(limit: idleLimit, timeout: idleTimeout)
    }

    /// Connections to it are made in the same way.
    func isReached(
        at endpoint: BoundEndpoint, by tls: TLSTarget?, speaking spoken: Blueprint.ServerProtocol
    ) -> Bool {
        self.endpoint == endpoint && self.tls == tls && shared?.spoken ?? .http == spoken
    }

    var isSecure: Bool { tls != nil }

    func see(_ observation: Observation?) {
        seen.inFlight &-= 1
        guard let observation else { return }
        switch observation.outcome {
        case .success:
            seen.successes &+= 1
            seen.latency &+= Int(observation.latency.nanoseconds)
            failuresInARow = 0
        case .failure:
            seen.failures &+= 1
            failuresInARow &+= 1
        case .abandoned: break
        }
    }

    func noteAnswer(_ framing: BodyFraming) {
        if case .length(let length) = framing { answersInBulk = length >= BodyPump.bulk } else { answersInBulk = false }
    }

    /// Makes a new connection whose events go to `waiter`.
    package func connect(waiter: Waiter, deadline: Instant) async throws(ConnectFailure) -> Socket {
        let socket = try open(waiter: waiter)
        while !socket.isWritable {
            guard await waiter.wait(until: deadline) else {
                metrics.counts.connectFailures &+= 1
                socket.close()
                throw ConnectFailure(reason: .connectTimeout, cause: nil)
            }
        }
        if socket.isBroken, let error = socket.pendingError() {
            metrics.counts.connectFailures &+= 1
            socket.close()
            throw ConnectFailure(reason: error.isRefused ? .connectRefused : .connectFailed, cause: error)
        }
        if tls != nil { try await shakeHands(on: socket, waiter, until: deadline) }
        return socket
    }

    private func shakeHands(on socket: Socket, _ waiter: Waiter, until deadline: Instant) async throws(ConnectFailure) {
        let reason: Reason
        guard let connection = socket.layer as? TLSConnection else { return }
        switch await connection.shakeHands(on: socket, waiter, until: deadline) {
        case .done: return
        case .waiting: reason = .connectTimeout
        case .failed(let failure): reason = Reason(server: failure)
        }
        metrics.counts.connectFailures &+= 1
        socket.close()
        throw ConnectFailure(reason: reason, cause: nil)
    }

    /// Begins a connection; it stands, or has failed, when its socket is writable. With TLS hands are still to be
    /// shaken: explicitly, or by the first send.
    func open(waiter: Waiter) throws(ConnectFailure) -> Socket {
        metrics.counts.connects &+= 1
        let started: (descriptor: Int32, pending: Bool)
        do {
            started = try endpoint.connect()
        } catch {
            metrics.counts.connectFailures &+= 1
            throw ConnectFailure(reason: error.isRefused ? .connectRefused : .connectFailed, cause: error)
        }
        let socket = Socket(started.descriptor, worker: waiter.worker, isWritable: !started.pending)
        socket.waiter = waiter
        guard let tls else { return socket }
        do {
            _ = try tls.connect(socket, sessions: sessions)
        } catch {
            metrics.counts.connectFailures &+= 1
            socket.close()
            throw ConnectFailure(reason: Reason(server: error), cause: nil)
        }
        return socket
    }
}

/// `max_connections` of one server, over all workers.
package final class ConnectionLimit: Sendable {
    private let bound: Atomic<Int>
    private let used = Atomic<Int>(0)

    package init(_ maximum: Int) { bound = Atomic(maximum) }

    var maximum: Int { bound.load(ordering: .relaxed) }
    /// What is beyond a lower one goes on.
    func setMaximum(_ maximum: Int) { bound.store(maximum, ordering: .relaxed) }

    func take() -> Bool {
        if used.add(1, ordering: .relaxed).newValue <= maximum { return true }
        used.subtract(1, ordering: .relaxed)
        return false
    }

    func giveBack() { used.subtract(1, ordering: .relaxed) }
    var count: Int { used.load(ordering: .relaxed) }
    var isFull: Bool { used.load(ordering: .relaxed) >= maximum }
}
