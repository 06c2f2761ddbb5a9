internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The request on its way to the server.
extension HTTPConnection {
    /// Sends the head with what of the body has arrived. A longer body goes on in `advanceUpload` while the response
    /// is awaited; what the socket does not take at once stays in `unsent`.
    func sendRequest(_ exchange: Exchange) -> Failure? {
        guard let upstream = exchange.upstream else { return .failed(.internal, isSafe: false) }
        exchange.firstByte = Instant(nanoseconds: 0)
        let out = worker.buffers.takeLarge()
        exchange.unsent = out
        writeRequestHead(exchange, to: out)
        appendBody(exchange, to: out, upstream: upstream)
        if out.overflowed { return .failed(.headTooLarge, isSafe: false) }
        return sendRest(exchange, out)
    }

    /// Goes on sending; what stops the try, or nil.
    func sendRest(_ exchange: Exchange, _ out: Buffer) -> Failure? {
        guard let upstream = exchange.upstream else { return .failed(.internal, isSafe: false) }
        let isBeginning = out.start == 0
        while !out.isEmpty {
            switch upstream.send(from: out) {
            case .bytes(let count): exchange.server?.metrics.counts.bytesSent &+= UInt64(count)
            case .wouldBlock: return nil
            case .end, .failed:
                // Nothing of it can have been understood when not even the first piece went out.
                if isBeginning, exchange.upload == nil {
                    if let failure = brokenStream(exchange) { return failure }
                    return exchange.isReused ? .stale : .failed(.upstreamReset, isSafe: true)
                }
                // The server may have said why before it closed; its response tells.
                exchange.uploadFailed = true
                out.consume(out.count)
            }
        }
        exchange.unsent = nil
        worker.buffers.give(out)
        exchange.sent = worker.now
        return nil
    }

    /// A body that is here whole goes out with the head; of a longer one, a pump takes the beginning.
    private func appendBody(_ exchange: Exchange, to out: Buffer, upstream: Socket) {
        if let replay = exchange.replay.take() { return appendAgain(exchange, replay, upstream) }
        guard let input else { return }
        let head = exchange.request.byteCount
        let here = input.count - head
        let framing = exchange.request.framing
        switch framing {
        case .none, .untilClose: return
        case .length(let length):
            let part = Int(clamping: min(length, UInt64(here)))
            exchange.consumed = head + part
            if UInt64(part) == length, part <= out.room, exchange.web != .webText {
                unsafe out.append(input.bytes(input.start + head..<input.start + head + part))
                exchange.requestBodyBytes = length
                return
            }
        case .chunked: exchange.consumed = head + here
        }
        let first = worker.buffers.takeLarge()
        unsafe first.append(input.bytes(input.start + head..<input.start + exchange.consumed))
        startUpload(exchange, from: first, to: upstream)
    }

    private func startUpload(_ exchange: Exchange, from first: Buffer, to upstream: Socket) {
        exchange.upload = BodyPump(
            from: socket, to: upstream, framing: exchange.request.framing, chunked: true, first: first, worker: worker,
            limit: listener.bodyLimit, keepsCopy: exchange.pool?.keepsBodies == true,
            web: GRPCWebBody.request(exchange.web))
    }

    /// A body of which some, or all, has gone to another server: as if it came only now.
    private func appendAgain(_ exchange: Exchange, _ body: Buffer, _ upstream: Socket) {
        if let leftover = exchange.leftover.take() { worker.buffers.give(leftover) }
        exchange.isUploaded = false
        exchange.uploadFailed = false
        exchange.keepAlive = exchange.request.keepAlive && !listener.isDraining
        expectsMore = false
        startUpload(exchange, from: body, to: upstream)
    }

    /// Head and body of the request, for a second server; false when they are not all here or too long.
    func writeWholeRequest(_ exchange: Exchange, to out: Buffer) -> Bool {
        writeRequestHead(exchange, to: out)
        guard let input, exchange.web != .webText else { return false }
        switch exchange.request.framing {
        case .none: break
        case .length(let length):
            let head = exchange.request.byteCount
            guard length <= UInt64(max(0, input.count - head)), length <= UInt64(out.room) else { return false }
            unsafe out.append(input.bytes(input.start + head..<input.start + head + Int(length)))
        case .chunked, .untilClose: return false
        }
        return !out.overflowed
    }

    /// Moves the request's body on as far as it goes; what stops the exchange, or nil.
    func advanceUpload(_ exchange: Exchange) -> Reason? {
        guard let upload = exchange.upload, !exchange.uploadFailed else { return nil }
        let before = upload.count
        let progress = upload.step()
        if upload.count != before { exchange.sent = worker.now }
        exchange.requestBodyBytes = upload.count
        switch progress {
        case .starved: exchange.isUploadStarved = true
        case .blocked: exchange.isUploadStarved = false
        case .yield: worker.wakeNextTurn(self)
        case .finished:
            exchange.isUploaded = true
            endUpload(exchange)
        case .cut, .sourceFailed: return .clientGone
        case .invalid: return .badRequest
        case .tooLarge: return .bodyTooLarge
        case .sinkFailed:
            exchange.uploadFailed = true
            exchange.keepAlive = false
        }
        return nil
    }

    /// Drops the pump; what it read beyond the body is the next request's beginning.
    func endUpload(_ exchange: Exchange) {
        if let unsent = exchange.unsent {
            worker.buffers.give(unsent)
            exchange.unsent = nil
        }
        guard let upload = exchange.upload else { return }
        exchange.upload = nil
        exchange.replay = upload.takeCopy()
        exchange.sent = worker.now
        // What the client still sends of its body must not be read as a request.
        if !exchange.isUploaded {
            exchange.keepAlive = false
            expectsMore = true
        }
        if let leftover = upload.takeLeftover() { exchange.leftover = leftover }
    }

    enum SendFailure {
        case timedOut
        case failed
    }

    /// Sends all of a buffer, waiting where it must.
    func send(_ buffer: Buffer, to target: Socket, deadline: Instant, more: Bool = false) async -> SendFailure? {
        while !buffer.isEmpty {
            switch target.send(from: buffer, more: more) {
            case .bytes: break
            case .wouldBlock: guard await wait(until: deadline) else { return .timedOut }
            case .end, .failed: return .failed
            }
        }
        return nil
    }
}
