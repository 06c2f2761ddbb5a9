internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// A try whose answer nobody waits for: the slower of two hedged tries, or a copy for a mirror pool.
///
/// It is seen through to its end all the same. The balancer keeps counting it as work of its server, which it is, and
/// learns how long it really took; the connection goes back to the idle ones instead of being thrown away.
final class DetachedTry: Waiter {
    private let pool: PoolRuntime
    private let server: ServerRuntime
    private let began: Instant
    private var socket: Socket?
    /// What the server has not been sent yet.
    private var unsent: Buffer?
    private var answer: Buffer?
    private var drain: ResponseDrain
    /// Called with the status and the time to the end of the response; the status is 0 without one.
    private let ended: ((Int, Interval) -> Void)?

    /// More at once are not worth their memory; those beyond close their connections.
    static let most = 256

    /// Takes over a try that `PoolRuntime.begin` began, and ends it.
    /// - Parameters:
    ///   - socket: nil to open a connection first.
    ///   - answer: what of the response has arrived.
    static func start(
        on server: ServerRuntime, of pool: PoolRuntime, worker: Worker, method: Method, began: Instant,
        socket: Socket?, unsent: Buffer?, answer: Buffer?, ended: ((Int, Interval) -> Void)? = nil
    ) {
        let detached = DetachedTry(
            server, pool, worker, method, began: began, socket: socket, unsent: unsent, answer: answer, ended: ended)
        pool.detached += 1
        socket?.waiter = detached
        detached.startServing()
    }

    private init(
        _ server: ServerRuntime, _ pool: PoolRuntime, _ worker: Worker, _ method: Method, began: Instant,
        socket: Socket?, unsent: Buffer?, answer: Buffer?, ended: ((Int, Interval) -> Void)?
    ) {
        self.server = server
        self.pool = pool
        self.began = began
        self.socket = socket
        self.unsent = unsent
        self.answer = answer
        self.ended = ended
        drain = ResponseDrain(method: method)
        super.init(worker: worker)
    }

    override func serve() async {
        let reason = await seeThrough()
        let latency = worker.now - began
        if let buffer = unsent { worker.buffers.give(buffer) }
        if let buffer = answer { worker.buffers.give(buffer) }
        unsent = nil
        answer = nil
        pool.detached -= 1
        let isFailure = reason != .ok || drain.status >= 500
        if reason != .ok { server.metrics.counts.reasons.record(reason) }
        pool.finish(server, Observation(isFailure ? .failure : .success, latency: latency, now: worker.now))
        ended?(drain.status, latency)
        retire()
    }

    private func seeThrough() async -> Reason {
        let deadline = worker.now + pool.timeouts.response
        let socket: Socket
        if let open = self.socket {
            socket = open
        } else {
            do {
                socket = try await server.connectForExchange(
                    waiter: self, deadline: worker.now + pool.timeouts.connect)
            } catch {
                return error.reason
            }
        }
        let (reason, isReusable) = await exchange(on: socket, until: deadline)
        if isReusable {
            server.put(socket)
        } else {
            server.close(socket)
        }
        return reason
    }

    private func exchange(on socket: Socket, until deadline: Instant) async -> (Reason, isReusable: Bool) {
        while let out = unsent, !out.isEmpty {
            switch socket.send(from: out) {
            case .bytes(let count): server.metrics.counts.bytesSent &+= UInt64(count)
            case .wouldBlock: guard await wait(until: deadline) else { return (.upstreamTimeout, false) }
            case .end, .failed: return (.upstreamReset, false)
            }
        }
        let buffer = answer ?? worker.buffers.takeLarge()
        answer = buffer
        while true {
            if !buffer.isEmpty {
                switch drain.take(buffer) {
                case .more: break
                case .done(let reusable): return (.ok, reusable && !socket.isHungUp && !socket.isReadable)
                case .invalid: return (drain.status == 0 ? .upstreamInvalid : .ok, false)
                }
            }
            switch socket.receive(into: buffer) {
            case .bytes: continue
            case .wouldBlock: guard await wait(until: deadline) else { return (.upstreamTimeout, false) }
            case .end: return (drain.status == 0 ? .upstreamClosed : .ok, false)
            case .failed: return (.upstreamReset, false)
            }
        }
    }
}
