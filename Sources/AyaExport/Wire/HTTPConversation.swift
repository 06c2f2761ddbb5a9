internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS

/// One call: on the connection that the last one left, or on a new one.
final class HTTPConversation: Waiter {
    private let call: HTTPCall
    private let line: CallLine
    private let trust: HTTPCaller.Trust?
    private let end: @Sendable (Result<HTTPAnswer, CallFault>) -> Void
    private var limit = Instant.distantFuture

    private static let patience = Interval.seconds(10)
    private static let largestAnswer = 1 << 20

    init(
        _ call: HTTPCall, on line: CallLine, _ trust: HTTPCaller.Trust?, worker: Worker,
        _ end: @escaping @Sendable (Result<HTTPAnswer, CallFault>) -> Void
    ) {
        self.call = call
        self.line = line
        self.trust = trust
        self.end = end
        super.init(worker: worker)
    }

    override func serve() async {
        limit = worker.now + Self.patience
        do throws(CallFault) {
            end(.success(try await converse()))
        } catch {
            end(.failure(error))
        }
        park(until: .distantFuture)
        retire()
    }

    override func parkedEvent() {}

    private func converse() async throws(CallFault) -> HTTPAnswer {
        if let kept = line.idle.take(), kept.isOpen {
            kept.waiter = self
            // It may have been closed meanwhile: then a new one is tried, as nothing of the call was taken.
            if let answer = try? await exchange(on: kept) { return answer }
            kept.close()
        }
        let fresh = try await connect()
        do throws(CallFault) {
            return try await exchange(on: fresh)
        } catch {
            fresh.close()
            throw error
        }
    }

    private func exchange(on socket: Socket) async throws(CallFault) -> HTTPAnswer {
        try await send(on: socket)
        let (answer, isKept) = try await receive(on: socket)
        if isKept, line.idle == nil {
            socket.waiter = nil
            line.idle = socket
        } else {
            socket.close()
        }
        return answer
    }

    private var name: String { call.address.host }
    private var late: CallFault { CallFault("\(name) does not answer") }

    private func connect() async throws(CallFault) -> Socket {
        var address = call.address.ip
        if address == nil { address = await line.resolve(name) }
        guard let address else { throw CallFault("\(name) has no address") }
        let endpoint = BoundEndpoint.address(SocketAddress(ip: address, port: call.address.port))
        let started: (descriptor: Int32, pending: Bool)
        do throws(SystemError) {
            started = try endpoint.connect()
        } catch {
            throw CallFault("\(name): \(error)")
        }
        let socket = Socket(started.descriptor, worker: worker, isWritable: !started.pending)
        socket.waiter = self
        do throws(CallFault) {
            while !socket.isWritable {
                guard await wait(until: limit) else { throw late }
            }
            if socket.isBroken, let error = socket.pendingError() { throw CallFault("\(name): \(error)") }
            if call.address.isSecure { try await shakeHands(on: socket) }
        } catch {
            socket.close()
            throw error
        }
        return socket
    }

    private func shakeHands(on socket: Socket) async throws(CallFault) {
        guard let trust else { throw CallFault("\(name) is not to be called by https") }
        let tls: TLSConnection
        do throws(TLSFailure) {
            let target = TLSTarget(trust.context, name: name, isAddress: call.address.ip != nil)
            tls = try target.connect(socket, sessions: line.sessions)
        } catch {
            throw CallFault("\(name): \(error)")
        }
        switch await tls.shakeHands(on: socket, self, until: limit) {
        case .done: return
        case .waiting: throw late
        case .failed(let failure): throw CallFault("\(name): \(failure)")
        }
    }

    private func send(on socket: Socket) async throws(CallFault) {
        var head = "\(call.method) \(call.address.target) HTTP/1.1\r\nHost: \(call.address.authority)\r\n"
        head += "User-Agent: aya\r\nContent-Length: \(call.body.count)\r\n"
        for (name, value) in call.headers { head += "\(name): \(value)\r\n" }
        head += "\r\n"
        let buffer = Buffer(capacity: head.utf8.count + call.body.count)
        buffer.append(text: head)
        buffer.append(call.body)
        while !buffer.isEmpty {
            switch socket.send(from: buffer) {
            case .bytes, .end: break
            case .failed(let error): throw CallFault("\(name): \(error)")
            case .wouldBlock: guard await wait(until: limit) else { throw late }
            }
        }
    }

    private func receive(on socket: Socket) async throws(CallFault) -> (HTTPAnswer, keepsConnection: Bool) {
        let buffer = worker.buffers.takeLarge()
        defer { worker.buffers.give(buffer) }
        var reader = AnswerReader(method: call.method, limit: Self.largestAnswer)
        while true {
            switch reader.take(buffer) {
            case .done(let answer, let keepsConnection): return (answer, keepsConnection)
            case .broken: throw CallFault("the answer of \(name) is no HTTP")
            case .more: break
            }
            guard buffer.room > 0 else { throw CallFault("the answer of \(name) is too long") }
            switch socket.receive(into: buffer) {
            case .bytes: break
            case .failed(let error): throw CallFault("\(name): \(error)")
            case .wouldBlock: guard await wait(until: limit) else { throw late }
            case .end:
                guard let answer = reader.end() else {
                    throw CallFault("\(name) closed the connection within its answer")
                }
                return (answer, false)
            }
        }
    }
}
