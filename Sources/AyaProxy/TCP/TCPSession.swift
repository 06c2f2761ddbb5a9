internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// One client connection of a TCP listener, from its acceptance until both sides are closed.
///
/// Its task lives only while something has to be decided: who the client is, which pool, which server. Then a relay
/// carries the bytes, and the session waits without a task for the relay's outcome.
final class TCPSession: Waiter {
    private let client: Socket
    private let listener: ListenerRuntime
    private let runtime: Runtime
    /// The client as the PROXY header or the socket names it; nil for a unix socket.
    private var address: SocketAddress?
    /// Bytes of the client that were read to decide; they go to the server first.
    private var input: Buffer?
    private var lease: ClientLease?
    /// Nil without TLS.
    private var tls: TLSConnection?
    private var pool: PoolRuntime?
    private var server: ServerRuntime?
    private var relay: Relay?
    private var hasEnded = false
    /// For the record: when it began, and the tries on servers.
    private let start: Instant
    private var attempts = 0
    private var retried: Retried?
    private var connectLatency = Interval.zero
    /// Why `cut` wants the end, while the task still runs.
    private var cutReason: Reason?

    /// The neighbours in `RunningSessions`.
    var previousRunning: TCPSession?
    var nextRunning: TCPSession?

    private enum Step<Value> {
        case done(Value)
        case failed(Reason)
    }

    /// Takes over an accepted descriptor and begins at once: in many protocols the server speaks first.
    static func start(
        _ descriptor: Int32, peer: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease
    ) {
        let session = TCPSession(
            Socket(descriptor, worker: runtime.worker), peer: peer, listener: listener, runtime: runtime, lease: lease)
        listener.metrics.counts.connectionsOpen &+= 1
        runtime.sessions.add(session)
        session.startServing()
    }

    private init(
        _ client: Socket, peer: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease
    ) {
        self.client = client
        self.listener = listener
        self.runtime = runtime
        self.lease = consume lease
        address = peer
        start = runtime.worker.now
        super.init(worker: runtime.worker)
        client.waiter = self
    }

    override func serve() async {
        let deadline = worker.now + listener.timeouts.header
        if listener.proxyProtocol, let reason = await readProxyHeader(deadline: deadline) { return fail(reason) }
        if let context = listener.tls, let reason = await shakeHands(context, deadline: deadline) {
            return fail(reason)
        }
        let pool: PoolRuntime
        switch await choosePool(deadline: deadline) {
        case .done(let chosen): pool = chosen
        case .failed(let reason): return fail(reason)
        }
        switch await connect(to: pool) {
        case .done(let socket): relay(to: socket, of: pool)
        case .failed(let reason): fail(reason)
        }
    }

    /// Ends the session wherever it stands: the grace of a drain is over.
    func cut(_ reason: Reason) {
        if let relay { return relay.close(reason) }
        // The task finds its socket closed when it looks next.
        cutReason = reason
        client.reset()
        wake()
    }

    // MARK: who

    private func readProxyHeader(deadline: Instant) async -> Reason? {
        switch await ProxyHeaderReader.read(from: client, waiter: self, deadline: deadline) {
        case .header(let source, let rest):
            input = rest
            // Where trusted proxies are listed, others may send the header but are not believed.
            if let source, listener.trustedProxies.isEmpty || listener.trusts(address) { address = source }
            return nil
        case .failed(let reason): return reason
        }
    }

    /// Nil when the session goes on.
    private func shakeHands(_ context: ServerContext, deadline: Instant) async -> Reason? {
        guard let tls = try? context.accept(client) else { return .resourceExhausted }
        self.tls = tls
        if let first = input {
            input = nil
            tls.preload(first)
        }
        switch await tls.shakeHands(on: client, self, until: deadline) {
        case .done:
            listener.metrics.counts.handshakes &+= 1
            if tls.isResumed { listener.metrics.counts.handshakesResumed &+= 1 }
            return tls.isChallenge ? .ok : nil
        case .waiting: return .headerTimeout
        case .failed(let failure): return Reason(client: failure)
        }
    }

    // MARK: which pool

    private func choosePool(deadline: Instant) async -> Step<PoolRuntime> {
        guard let routes = listener.sessionRoutes else { return .failed(.internal) }
        guard routes.readsServerName else { return Self.orNoRoute(routes.fallback) }
        if let tls { return Self.orNoRoute(unsafe routes.pool(for: tls.serverName.span)) }
        // A TLS client always speaks first, so waiting for its ClientHello delays nobody.
        let buffer = input ?? worker.buffers.takeLarge()
        input = buffer
        while true {
            switch unsafe ClientHello.parse(buffer.unread.span) {
            case .hello(let hello): return Self.orNoRoute(Self.pool(routes, hello.serverName ?? []))
            case .notTLS:
                if let fallback = routes.fallback { return .done(fallback) }
                return .failed(.clientHelloInvalid)
            case .invalid: return .failed(.clientHelloInvalid)
            case .incomplete: break
            }
            // There is room: the parser calls a hello invalid long before it fills a large buffer.
            switch client.receive(into: buffer) {
            case .bytes: continue
            case .wouldBlock: guard await wait(until: deadline) else { return .failed(.headerTimeout) }
            case .end, .failed: return .failed(.clientGone)
            }
        }
    }

    private static func pool(_ routes: SessionRoutes, _ name: [UInt8]) -> PoolRuntime? { routes.pool(for: name.span) }

    private static func orNoRoute(_ pool: PoolRuntime?) -> Step<PoolRuntime> {
        if let pool { return .done(pool) }
        return .failed(.noRoute)
    }

    // MARK: which server

    private func connect(to pool: PoolRuntime) async -> Step<Socket> {
        var excluded = ExcludedServers.none
        var last = Reason.noServer
        for attempt in 0..<pool.retry.attempts {
            let began = worker.now
            let server: ServerRuntime
            if attempt == 0, let admission = pool.admission {
                switch await awaitTurn(of: pool, admission) {
                case .done(let admitted): server = admitted
                case .failed(let reason): return .failed(reason)
                }
            } else {
                guard let free = pool.begin(client: address?.ip, identity: tls?.identity ?? 0, excluding: excluded)
                else { break }
                server = free
            }
            attempts += 1
            if attempt > 0 { pool.metrics.counts.retries &+= 1 }
            do {
                let socket = try await server.connect(waiter: self, deadline: worker.now + pool.timeouts.connect)
                connectLatency = worker.now - began
                if client.isOpen {
                    self.pool = pool
                    self.server = server
                    if pool.persistence != nil { pool.settle(address?.ip, identity: tls?.identity ?? 0, on: server) }
                    return .done(socket)
                }
                socket.close()
                pool.finish(server, nil)
            } catch {
                pool.finish(server, Observation(.failure, latency: worker.now - began, now: worker.now))
                server.metrics.counts.reasons.record(error.reason)
                last = error.reason
                if retried == nil { retried = Retried(server: server, reason: last, status: 0) }
                excluded.insert(server.index)
            }
            if !client.isOpen || client.isBroken { return .failed(.clientGone) }
        }
        return .failed(attempts > 0 ? last : pool.unavailability())
    }

    /// The first server, perhaps after a wait in the pool's queue. What a client sends meanwhile stays in its socket.
    private func awaitTurn(of pool: PoolRuntime, _ admission: Admission) async -> Step<ServerRuntime> {
        let address = address?.ip
        let identity = tls?.identity ?? 0
        let begin = { pool.begin(client: address, identity: identity, excluding: .none) }
        var entry = admission.enter(criticality: 2, user: address?.balancingKey ?? 0, isExchange: false)
        if case .pass = entry {
            if let server = begin() { return .done(server) }
            entry = admission.orWait(pool.unavailability())
        }
        if case .refused(let reason) = entry { return .failed(reason) }
        guard let turn = admission.wait(self, criticality: 2, begin: begin) else { return .failed(.queueFull) }
        while true {
            var isInTime = true
            if case .waiting = turn.outcome { isInTime = await wait(until: turn.deadline) }
            switch turn.outcome {
            case .server(let server):
                pool.metrics.counts.queueTime.record((worker.now - turn.since).nanoseconds)
                return .done(server)
            case .refused(let reason): return .failed(reason)
            case .waiting: break
            }
            let isGone = !client.isOpen || client.isBroken
            guard isGone || !isInTime else { continue }
            admission.leave(turn)
            if isGone { return .failed(.clientGone) }
            pool.metrics.counts.refused.record(.queueTimeout)
            return .failed(.queueTimeout)
        }
    }

    // MARK: the relay

    private func relay(to socket: Socket, of pool: PoolRuntime) {
        server?.metrics.counts.connectionsOpen &+= 1
        if let version = pool.proxyProtocol { writeProxyHeader(version, to: socket) }
        let first = input
        input = nil
        // From here on the relay is the waiter of both sockets.
        retire()
        let relay = Relay.start(
            client: client, server: socket, fromClient: first, fromServer: nil, idle: listener.timeouts.idle,
            listenerMetrics: listener.metrics, serverMetrics: server?.metrics
        ) { [self] outcome in end(outcome.reason, received: outcome.toServer, sent: outcome.toClient) }
        if !hasEnded { self.relay = relay }
    }

    /// Puts the header that names the real client in front of what goes to the server.
    private func writeProxyHeader(_ version: Blueprint.ProxyProtocolVersion, to socket: Socket) {
        let header = worker.buffers.takeLarge()
        let destination = client.localAddress()
        switch version {
        case .v1: ProxyProtocol.writeV1(source: address, destination: destination, to: header)
        case .v2: ProxyProtocol.writeV2(source: address, destination: destination, to: header)
        }
        guard let rest = input else {
            input = header
            return
        }
        if rest.count <= header.room {
            unsafe header.append(rest.unread)
            input = header
            worker.buffers.give(rest)
        } else {
            // A new connection always has room for it. If it is broken already, the relay finds out.
            _ = socket.send(from: header, more: true)
            worker.buffers.give(header)
        }
    }

    // MARK: the end

    private func fail(_ reason: Reason) {
        // An authority that asked for proof has it, and shall find the handshake whole.
        if reason == .ok { client.close() } else { client.reset() }
        end(cutReason ?? reason)
    }

    /// Both sockets are closed.
    private func end(_ reason: Reason, received: UInt64 = 0, sent: UInt64 = 0) {
        hasEnded = true
        log(reason, received: received, sent: sent)
        retire()
        if let buffer = input { worker.buffers.give(buffer) }
        input = nil
        if let server, let pool {
            server.metrics.counts.connectionsOpen &-= 1
            if reason == .upstreamReset { server.metrics.counts.reasons.record(reason) }
            let outcome = reason.blame == .upstream ? Observation.Outcome.failure : .success
            pool.finish(server, Observation(outcome, latency: connectLatency, now: worker.now))
        }
        relay = nil
        listener.metrics.counts.connectionsOpen &-= 1
        listener.metrics.counts.sessions.record(reason)
        runtime.sessions.remove(self)
        lease = nil
    }

    private func log(_ reason: Reason, received: UInt64, sent: UInt64) {
        guard runtime.isRecording else { return }
        var record = AccessRecord()
        record.kind = .session
        record.total = worker.now - start
        record.time = worker.wallClock &- record.total.nanoseconds
        unsafe record.listener = listener.recordName.bytes
        record.client = address
        if let pool { unsafe record.pool = pool.recordName.bytes }
        if let server { unsafe record.server = server.recordName.bytes }
        record.bytesReceived = received
        record.bytesSent = sent
        record.reason = reason
        record.attempts = attempts
        if attempts > 1 { retried?.note(in: &record) }
        if let tls { record.tls = AccessRecord.TLSFacts(tls) }
        runtime.record(record)
    }
}
