internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What a proxy has to know of gRPC: its deadlines, its statuses, and how to fail in its own words.
extension HTTPConnection {
    /// Looks whether a POST is a call, and how long its client will wait.
    func noteGRPC(_ exchange: Exchange) {
        guard let type = exchange.request.firstField(.contentType) else { return }
        exchange.grpc = unsafe GRPCKind(contentType: bytes(type.value).span)
        guard exchange.isCall, let value = fieldValue(Self.timeoutField, exchange.request),
            let timeout = unsafe GRPCTimeout.parse(bytes(value).span)
        else { return }
        exchange.deadline = exchange.start + timeout
    }

    private static let timeoutField = Array("grpc-timeout".utf8)

    /// Fails in gRPC's words: the status is a header of an answer without a body ("Trailers-Only").
    func failCall(_ exchange: Exchange, _ reason: Reason) async -> Ending {
        let status = reason.grpcStatus
        exchange.grpcStatus = status
        let empty = worker.buffers.takeSmall()
        defer { worker.buffers.give(empty) }
        return await respond(exchange, status: 200, body: empty) { out in
            out.append("Content-Type: ")
            if let type = exchange.request.firstField(.contentType) { unsafe out.append(self.bytes(type.value)) }
            out.append("\r\n")
            Self.writeStatus(status, reason, to: out)
            if exchange.isTranslated { self.writeWebAccess(exchange, to: out) }
        }
    }

    private static func writeStatus(_ status: GRPCStatus, _ reason: Reason, to out: Buffer) {
        out.append("grpc-status: ")
        out.append(decimal: UInt64(status.rawValue))
        // Titles have no character that `grpc-message` would have to escape.
        out.append("\r\ngrpc-message: ")
        out.append(text: reason.title)
        out.append("\r\n")
    }

    /// The status in the answer's head, which is then all of the answer.
    func readGRPCStatus(_ exchange: Exchange) {
        for field in exchange.response.fields where field.name.count == Self.statusField.utf8CodeUnitCount {
            if unsafe answerBytes(exchange, field.name).span.equalsIgnoringCase(Self.statusField) {
                exchange.grpcStatus = unsafe GRPCStatus(decimal: answerBytes(exchange, field.value).span)
            }
        }
    }

    private static let statusField: StaticString = "grpc-status"

    // MARK: gRPC-Web

    /// How the answer's body is translated; nil when it goes as it is.
    func webAnswer(_ exchange: Exchange) -> GRPCWebBody? {
        exchange.answersCall && exchange.response.framing == .chunked ? .answer(exchange.web) : nil
    }

    func isCall(_ answer: Buffer, _ contentType: Field) -> Bool {
        unsafe GRPCKind(contentType: answer.bytes(contentType.value.range(from: answer.start)).span) == .plain
    }

    /// The type of one kind of gRPC in the place of the other's; how messages are encoded stays.
    func writeContentType(
        _ value: UnsafeBufferPointer<UInt8>, behind old: StaticString, as new: StaticString, to out: Buffer
    ) {
        out.append("Content-Type: ")
        out.append(new)
        unsafe out.append(value.extracting(min(value.count, old.utf8CodeUnitCount)..<value.count))
        out.append("\r\n")
    }

    /// Ends a call within its answer. Nil when bytes are on their way that would not be whole.
    func endCall(_ exchange: Exchange, _ reason: Reason, behind pump: BodyPump) -> Ending? {
        guard exchange.grpc == .plain, exchange.response.framing == .chunked, !pump.isMidway else { return nil }
        let out = worker.buffers.takeSmall()
        defer { worker.buffers.give(out) }
        out.append("0\r\n")
        let status = reason.grpcStatus
        Self.writeStatus(status, reason, to: out)
        out.append("\r\n")
        while !out.isEmpty {
            guard case .bytes = socket.send(from: out) else { return .gone }
        }
        exchange.grpcStatus = status
        exchange.keepAlive = false
        expectsMore = true
        return .close
    }
}
