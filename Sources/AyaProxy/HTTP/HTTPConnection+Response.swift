internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The response on its way back.
extension HTTPConnection {
    /// Room in front of a response for the head that Aya writes, which may be longer than the server's.
    private static let headroom = 2048

    /// Reads until a final response head is whole, passing interim ones on; nil then.
    func awaitResponse(_ exchange: Exchange, over upstream: Socket, of pool: PoolRuntime) async -> Attempt? {
        while true {
            if let reason = advanceUpload(exchange) { return .failed(reason, isSafe: false) }
            var step = upstream.isReadable ? receiveHead(exchange, from: upstream) : .blocked
            while case .interim = step {
                guard await passInterim(exchange) else { return .failed(.clientGone, isSafe: false) }
                step = parseHead(exchange)
            }
            switch step {
            case .complete: return nil
            case .more: continue
            case .failed(let reason): return failedBeforeResponse(exchange, reason)
            case .blocked, .interim: break
            }
            if socket.isBroken { return .failed(.clientGone, isSafe: false) }
            let (deadline, reason) = responseDeadline(exchange, of: pool)
            guard await wait(until: deadline) else { return .failed(reason, isSafe: false) }
        }
    }

    private enum HeadStep {
        case complete
        case interim
        case more
        case blocked
        case failed(Reason)
    }

    private func receiveHead(_ exchange: Exchange, from upstream: Socket) -> HeadStep {
        if exchange.answer == nil {
            let buffer = worker.buffers.takeLarge()
            buffer.clear(headroom: Self.headroom)
            exchange.answer = buffer
        }
        guard let buffer = exchange.answer else { return .blocked }
        if buffer.room == 0 { return .failed(.upstreamInvalid) }
        switch upstream.receive(into: buffer) {
        case .bytes:
            if exchange.firstByte < exchange.start { exchange.firstByte = worker.now }
            return parseHead(exchange)
        case .end: return .failed(.upstreamClosed)
        case .failed: return .failed(.upstreamReset)
        case .wouldBlock: return .blocked
        }
    }

    private func parseHead(_ exchange: Exchange) -> HeadStep {
        guard let buffer = exchange.answer, !buffer.isEmpty else { return .more }
        let progress = unsafe exchange.response.parse(
            buffer.unread.span, limits: Self.responseLimits, requestMethod: exchange.request.method)
        switch progress {
        case .complete: return exchange.response.isInterim ? .interim : .complete
        case .incomplete: return .more
        case .invalid: return .failed(.upstreamInvalid)
        }
    }

    private static let responseLimits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - headroom - 1024)

    /// A connection that closes without a word has not answered: an idempotent request may go elsewhere (RFC 9110
    /// section 9.2.2), and on a reused connection it simply met the server's own idle timeout.
    private func failedBeforeResponse(_ exchange: Exchange, _ reason: Reason) -> Attempt {
        let isSilent = exchange.firstByte < exchange.start
        guard isSilent, exchange.upload == nil, exchange.request.method.isIdempotent else {
            return .failed(reason, isSafe: false)
        }
        let isClosed = reason == .upstreamClosed || reason == .upstreamReset
        return isClosed && exchange.isReused ? .stale : .failed(reason, isSafe: isClosed)
    }

    /// What the exchange waits for now, and how long.
    private func responseDeadline(_ exchange: Exchange, of pool: PoolRuntime) -> (Instant, Reason) {
        let deadline: Instant
        var reason = Reason.upstreamTimeout
        if exchange.upload != nil, !exchange.uploadFailed, exchange.isUploadStarved {
            deadline = exchange.sent + listener.timeouts.body
            reason = .bodyTimeout
        } else {
            deadline = exchange.sent + pool.timeouts.response
        }
        return exchange.deadline < deadline ? (exchange.deadline, .routeTimeout) : (deadline, reason)
    }

    /// Sends a 1xx response on, and makes ready for what follows it; false when the client is gone.
    private func passInterim(_ exchange: Exchange) async -> Bool {
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
        return true
    }
}
