internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The response on its way back.
extension HTTPConnection {
    /// Room in front of a response for the head that Aya writes, which may be longer than the server's.
    static let headroom = 2048

    /// How far the response's head has come.
    enum ResponseStep {
        case complete
        /// A 1xx head is whole; the final one is to come.
        case interim
        /// Nothing more is here, of the response or of the request's body.
        case waiting
        case failed(Failure)
    }

    /// Moves the request's body on, then reads and parses as far as the server's socket allows.
    func advanceResponse(_ exchange: Exchange) -> ResponseStep {
        if exchange.upload != nil, let reason = advanceUpload(exchange) {
            return .failed(.failed(reason, isSafe: false))
        }
        if let buffer = exchange.answer, exchange.hasUnparsedAnswer, !buffer.isEmpty {
            exchange.hasUnparsedAnswer = false
            if let step = parseHead(exchange, buffer) { return step }
        }
        guard let upstream = exchange.upstream else { return .failed(.failed(.internal, isSafe: false)) }
        while upstream.isReadable {
            if let step = receiveHead(exchange, from: upstream) { return step }
        }
        return socket.isBroken ? .failed(.failed(.clientGone, isSafe: false)) : .waiting
    }

    /// Nil when more bytes are needed.
    private func receiveHead(_ exchange: Exchange, from upstream: Socket) -> ResponseStep? {
        let buffer = exchange.answer ?? takeAnswer(exchange)
        if buffer.room == 0 { return .failed(.failed(.upstreamInvalid, isSafe: false)) }
        // Where bodies are large, only the head is read: the rest is spliced and never enters the process.
        let splices = exchange.server?.answersInBulk == true && upstream.canSplice && socket.canSplice
        let limit = splices ? 4 << 10 : Int.max
        switch upstream.receive(into: buffer, limit: limit) {
        case .bytes:
            if exchange.firstByte < exchange.start { exchange.firstByte = worker.now }
            return parseHead(exchange, buffer)
        case .end: return .failed(failedBeforeResponse(exchange, .upstreamClosed))
        case .failed: return .failed(failedBeforeResponse(exchange, .upstreamReset))
        case .wouldBlock: return nil
        }
    }

    private func takeAnswer(_ exchange: Exchange) -> Buffer {
        let buffer = worker.buffers.takeLarge()
        buffer.clear(headroom: Self.headroom)
        exchange.answer = buffer
        return buffer
    }

    private func parseHead(_ exchange: Exchange, _ buffer: Buffer) -> ResponseStep? {
        let progress = unsafe exchange.response.parse(
            buffer.unread.span, limits: Self.responseLimits, requestMethod: exchange.request.method)
        switch progress {
        case .complete: return exchange.response.isInterim ? .interim : .complete
        case .incomplete: return nil
        case .invalid: return .failed(.failed(.upstreamInvalid, isSafe: false))
        }
    }

    private static let responseLimits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - headroom - 1024)

    /// A connection that closes without a word has not answered: an idempotent request may go elsewhere (RFC 9110
    /// section 9.2.2), and on a reused connection it simply met the server's own idle timeout.
    private func failedBeforeResponse(_ exchange: Exchange, _ reason: Reason) -> Failure {
        if let failure = brokenStream(exchange) { return failure }
        guard isSilentAndRepeatable(exchange) else { return .failed(reason, isSafe: false) }
        let isClosed = reason == .upstreamClosed || reason == .upstreamReset
        return isClosed && exchange.isReused ? .stale : .failed(reason, isSafe: isClosed)
    }

    /// What HTTP/2 tells of a stream that ended without an answer, and a closed connection does not.
    func brokenStream(_ exchange: Exchange) -> Failure? {
        guard let stream = exchange.upstream.flatMap(ServerStream.lane) else { return nil }
        if stream.isUnprocessed {
            if !exchange.isAtHand { return .failed(.upstreamRefused, isSafe: false) }
            return exchange.isReused || !stream.hasBegun ? .stale : .failed(.upstreamRefused, isSafe: true)
        }
        return stream.failure.map { .failed($0, isSafe: false) }
    }

    /// Nothing of a response has arrived, the request is here whole, and doing it twice does no harm.
    func isSilentAndRepeatable(_ exchange: Exchange) -> Bool {
        exchange.firstByte < exchange.start && exchange.isAtHand && exchange.request.method.isIdempotent
    }

    /// What the exchange waits for now, and how long.
    func responseDeadline(_ exchange: Exchange, of pool: PoolRuntime) -> (Instant, Reason) {
        let deadline: Instant
        var reason = Reason.upstreamTimeout
        if exchange.upload != nil, !exchange.uploadFailed, exchange.isUploadStarved {
            deadline = exchange.sent + listener.timeouts.body
            reason = .bodyTimeout
        } else {
            deadline = exchange.sent + (pool.retry.perTryTimeout ?? pool.timeouts.response)
        }
        return exchange.deadline < deadline ? (exchange.deadline, .routeTimeout) : (deadline, reason)
    }

    /// Sends a 1xx response on, and makes ready for what follows it; false when the client is gone.
    func passInterim(_ exchange: Exchange) async -> Bool {
        guard let buffer = exchange.answer else { return true }
        if exchange.request.minorVersion > 0 {
            let out = worker.buffers.takeLarge()
            defer { worker.buffers.give(out) }
            writeInterimHead(exchange, to: out)
            let deadline = worker.now + listener.timeouts.body
            if await send(out, to: socket, deadline: deadline) != nil { return false }
        }
        buffer.consume(exchange.response.byteCount)
        exchange.response.reset()
        exchange.hasUnparsedAnswer = true
        return true
    }
}
