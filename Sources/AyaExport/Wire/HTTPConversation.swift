internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// One call: on the connection that the last one left, or on a new one.
final class HTTPConversation: Conversation {
    private let call: HTTPCall
    private let line: CallLine
    private let trust: CallTrust?
    private let end: @Sendable (Result<HTTPAnswer, CallFault>) -> Void

    private static let largestAnswer = 1 << 20

    init(
        _ call: HTTPCall, on line: CallLine, _ trust: CallTrust?, worker: Worker,
        _ end: @escaping @Sendable (Result<HTTPAnswer, CallFault>) -> Void
    ) {
        self.call = call
        self.line = line
        self.trust = trust
        self.end = end
        super.init(with: call.address.host, patience: .seconds(10), worker: worker)
    }

    override func converse() async {
        do throws(CallFault) {
            end(.success(try await answer()))
        } catch {
            end(.failure(error))
        }
    }

    private func answer() async throws(CallFault) -> HTTPAnswer {
        if let kept = line.idle.take(), kept.isOpen {
            kept.waiter = self
            // It may have been closed meanwhile: then a new one is tried, as nothing of the call was taken.
            if let answer = try? await exchange(on: kept) { return answer }
            kept.close()
        }
        var address = call.address.ip
        if address == nil { address = await line.resolve(name) }
        guard let address else { throw CallFault("\(name) has no address") }
        let fresh = try await connect(to: .address(SocketAddress(ip: address, port: call.address.port)))
        do throws(CallFault) {
            if call.address.isSecure {
                guard let trust else { throw CallFault("\(name) is not to be called by https") }
                try await secure(fresh, trust: trust, isAddress: call.address.ip != nil, sessions: line.sessions)
            }
            return try await exchange(on: fresh)
        } catch {
            fresh.close()
            throw error
        }
    }

    private func exchange(on socket: Socket) async throws(CallFault) -> HTTPAnswer {
        try await sendCall(on: socket)
        let (answer, isKept) = try await receiveAnswer(on: socket)
        if isKept, line.idle == nil {
            socket.waiter = nil
            line.idle = socket
        } else {
            socket.close()
        }
        return answer
    }

    private func sendCall(on socket: Socket) async throws(CallFault) {
        var head = "\(call.method) \(call.address.target) HTTP/1.1\r\nHost: \(call.address.authority)\r\n"
        head += "User-Agent: aya\r\nContent-Length: \(call.body.count)\r\n"
        for (name, value) in call.headers { head += "\(name): \(value)\r\n" }
        head += "\r\n"
        let buffer = Buffer(capacity: head.utf8.count + call.body.count)
        buffer.append(text: head)
        buffer.append(call.body)
        try await send(buffer, on: socket)
    }

    private func receiveAnswer(on socket: Socket) async throws(CallFault) -> (HTTPAnswer, keepsConnection: Bool) {
        let buffer = worker.buffers.takeLarge()
        defer { worker.buffers.give(buffer) }
        var reader = AnswerReader(method: call.method, limit: Self.largestAnswer)
        while true {
            switch reader.take(buffer) {
            case .done(let answer, let keepsConnection): return (answer, keepsConnection)
            case .broken: throw CallFault("the answer of \(name) is no HTTP")
            case .more: break
            }
            if try await receive(into: buffer, on: socket) { continue }
            guard let answer = reader.end() else {
                throw CallFault("\(name) closed the connection within its answer")
            }
            return (answer, false)
        }
    }
}
