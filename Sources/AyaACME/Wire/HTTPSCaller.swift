package import AyaCore
internal import AyaHTTP
internal import AyaReactor
package import AyaTLS

/// Calls of an authority or of a responder: one request, one connection, one answer.
///
/// A client for a dozen small requests in weeks, on sockets of the reactor: straight-line code that waits on the
/// caller's waiter, on a thread without traffic. Sessions are resumed, so that an order of ten calls shakes hands once.
package final class HTTPSCaller {
    /// Nil: only what needs no TLS is called.
    private let context: ClientContext?
    private var sessions: [String: TLSSessions] = [:]
    /// Names to addresses; nil when there is none. It may block for long, so it is not the caller's thread that does.
    private let resolve: @Sendable (String) async -> IPAddress?

    private static let timeout = Interval.seconds(30)
    private static let largestBody = 1 << 20

    package init(_ context: ClientContext?, resolve: @escaping @Sendable (String) async -> IPAddress?) {
        self.context = context
        self.resolve = resolve
    }

    /// - Parameters:
    ///   - body: nil: none.
    ///   - type: what the body is.
    func call(
        _ method: String, _ url: HTTPSAddress, body: [UInt8]? = nil, type: String = "application/jose+json",
        accept: String? = nil, _ waiter: Waiter
    ) async throws(ACMEFault) -> HTTPAnswer {
        let deadline = waiter.worker.now + Self.timeout
        let socket = try await connect(url, waiter, until: deadline)
        defer { socket.close() }
        var head = "\(method) \(url.target) HTTP/1.1\r\nHost: \(url.authority)\r\nUser-Agent: aya\r\n"
        head += "Connection: close\r\n"
        if let accept { head += "Accept: \(accept)\r\n" }
        if let body { head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n" }
        let request = Array((head + "\r\n").utf8) + (body ?? [])
        try await send(request, on: socket, url, waiter, until: deadline)
        return try await receive(on: socket, method: method, url, waiter, until: deadline)
    }

    private func late(_ url: HTTPSAddress) -> ACMEFault { ACMEFault(.unreachable, "\(url.host) does not answer") }

    private func connect(
        _ url: HTTPSAddress, _ waiter: Waiter, until deadline: Instant
    ) async throws(ACMEFault) -> Socket {
        var address = url.ip
        if address == nil { address = await resolve(url.host) }
        guard let address else { throw ACMEFault(.unreachable, "\(url.host) has no address") }
        let endpoint = BoundEndpoint.address(SocketAddress(ip: address, port: url.port))
        let started: (descriptor: Int32, pending: Bool)
        do throws(SystemError) {
            started = try endpoint.connect()
        } catch {
            throw ACMEFault(.unreachable, "\(url.host): \(error)")
        }
        let socket = Socket(started.descriptor, worker: waiter.worker, isWritable: !started.pending)
        socket.waiter = waiter
        do throws(ACMEFault) {
            while !socket.isWritable {
                guard await waiter.wait(until: deadline) else { throw late(url) }
            }
            if socket.isBroken, let error = socket.pendingError() {
                throw ACMEFault(.unreachable, "\(url.host): \(error)")
            }
            if url.isSecure { try await shakeHands(on: socket, url, waiter, until: deadline) }
        } catch {
            socket.close()
            throw error
        }
        return socket
    }

    private func shakeHands(
        on socket: Socket, _ url: HTTPSAddress, _ waiter: Waiter, until deadline: Instant
    ) async throws(ACMEFault) {
        guard let context else { throw ACMEFault(.unreachable, "\(url.host): TLS is not spoken here") }
        let kept = sessions[url.host] ?? TLSSessions()
        sessions[url.host] = kept
        let tls: TLSConnection
        do throws(TLSFailure) {
            let target = TLSTarget(context, name: url.host, isAddress: url.ip != nil)
            tls = try target.connect(socket, sessions: kept)
        } catch {
            throw ACMEFault(.unreachable, "\(url.host): \(error)")
        }
        switch await tls.shakeHands(on: socket, waiter, until: deadline) {
        case .done: return
        case .waiting: throw late(url)
        case .failed(let failure): throw ACMEFault(.unreachable, "\(url.host): \(failure)")
        }
    }

    private func send(
        _ bytes: [UInt8], on socket: Socket, _ url: HTTPSAddress, _ waiter: Waiter, until deadline: Instant
    ) async throws(ACMEFault) {
        let buffer = Buffer(capacity: max(1, bytes.count))
        buffer.append(bytes)
        while !buffer.isEmpty {
            switch socket.send(from: buffer) {
            case .bytes, .end: break
            case .failed(let error): throw ACMEFault(.unreachable, "\(url.host): \(error)")
            case .wouldBlock: guard await waiter.wait(until: deadline) else { throw late(url) }
            }
        }
    }

    private func receive(
        on socket: Socket, method: String, _ url: HTTPSAddress, _ waiter: Waiter, until deadline: Instant
    ) async throws(ACMEFault) -> HTTPAnswer {
        let buffer = waiter.worker.buffers.takeLarge()
        defer { waiter.worker.buffers.give(buffer) }
        var reader = AnswerReader(method: method, limit: Self.largestBody)
        while true {
            switch reader.take(buffer) {
            case .done(let answer, _): return answer
            case .broken: throw ACMEFault(.unreachable, "the answer of \(url.host) is no HTTP")
            case .more: break
            }
            guard buffer.room > 0 else { throw ACMEFault(.unreachable, "the answer of \(url.host) is too long") }
            switch socket.receive(into: buffer) {
            case .bytes: break
            case .failed(let error): throw ACMEFault(.unreachable, "\(url.host): \(error)")
            case .wouldBlock: guard await waiter.wait(until: deadline) else { throw late(url) }
            case .end:
                guard let answer = reader.end() else {
                    throw ACMEFault(.unreachable, "\(url.host) closed the connection within its answer")
                }
                return answer
            }
        }
    }
}
