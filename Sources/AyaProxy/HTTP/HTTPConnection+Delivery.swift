internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The final response to the client: its head in Aya's words, then its body.
extension HTTPConnection {
    /// The steady path: head and whole body in one send. Nil when it takes more than that, and `deliver` goes on.
    func deliverAtOnce(_ exchange: Exchange) -> Ending? {
        guard let server = exchange.server, let body = exchange.answer else { return .abort }
        // Each asked once: they are another module's.
        let (status, framing, length) = (
            exchange.response.status, exchange.response.framing, exchange.response.byteCount
        )
        exchange.status = status
        server.metrics.counts.requests.record(status: status)
        server.metrics.counts.firstByte.record((exchange.firstByte - exchange.sent).nanoseconds)
        settleKeepAlive(exchange, framing)
        server.noteAnswer(framing)
        server.metrics.counts.bytesReceived &+= UInt64(length)
        guard status != 101 else { return nil }
        let head = worker.buffers.takeLarge()
        writeResponseHead(exchange, to: head)
        body.consume(length)
        guard !head.overflowed, trim(body, to: framing, exchange) else {
            exchange.head = head
            return nil
        }
        exchange.isWhole = true
        exchange.responseBodyBytes = UInt64(body.count)
        server.metrics.counts.bytesReceived &+= UInt64(body.count)
        guard unsafe body.prepend(head.unread) else {
            exchange.head = head
            return nil
        }
        worker.buffers.give(head)
        noteSent(UInt64(body.count))
        // The last bytes of a connection leave in one segment with its end, which follows at once.
        let isLast = !exchange.keepAlive && exchange.upload == nil
        while !body.isEmpty {
            switch socket.send(from: body, more: isLast) {
            case .bytes: break
            case .wouldBlock: return nil
            case .end, .failed: return gone(exchange)
            }
        }
        return ending(of: exchange)
    }

    /// What the response's framing and the state of both sides mean for the client's connection.
    private func settleKeepAlive(_ exchange: Exchange, _ framing: BodyFraming) {
        let endsByClosing = exchange.request.minorVersion == 0 && (framing == .chunked || framing == .untilClose)
        if endsByClosing || listener.isDraining || exchange.uploadFailed { exchange.keepAlive = false }
    }

    /// Everything that `deliverAtOnce` leaves: upgrades, bodies in pieces, clients that are slow to take them.
    func deliver(_ exchange: Exchange, of pool: PoolRuntime) async -> Ending {
        guard let upstream = exchange.upstream, let body = exchange.answer else { return .abort }
        if exchange.response.status == 101 { return await tunnel(exchange, to: upstream) }
        exchange.upload?.dropCopy()
        let deadline = worker.now + listener.timeouts.body
        if exchange.isWhole {
            if let head = exchange.head {
                noteSent(UInt64(head.count + body.count))
                if await send(head, to: socket, deadline: deadline, more: true) != nil { return gone(exchange) }
            }
            switch await send(body, to: socket, deadline: deadline) {
            case nil: return ending(of: exchange)
            case .failed: return gone(exchange)
            case .timedOut: return cut(exchange, .bodyTimeout)
            }
        }
        guard let head = exchange.head else { return .abort }
        if head.overflowed { return await fail(exchange, .upstreamInvalid) }
        exchange.answer = nil
        let framing = exchange.response.framing
        let pump = BodyPump(
            from: upstream, to: socket, framing: framing, chunked: exchange.request.minorVersion > 0, first: body,
            worker: worker, web: webAnswer(exchange))
        pump.notesStatus = exchange.isCall
        noteSent(UInt64(head.count))
        let goesAlone = framing == .chunked
        let isPrepended = unsafe !goesAlone && body.prepend(head.unread)
        if !isPrepended, await send(head, to: socket, deadline: deadline, more: true) != nil { return gone(exchange) }
        return await deliver(exchange, through: pump, of: pool)
    }

    /// Whether the whole body is here. Bytes beyond it make the server's connection useless, and go nowhere.
    private func trim(_ body: Buffer, to framing: BodyFraming, _ exchange: Exchange) -> Bool {
        let length: UInt64
        switch framing {
        case .none: length = 0
        case .length(let stated): length = stated
        case .chunked, .untilClose: return false
        }
        guard UInt64(body.count) >= length else { return false }
        exchange.keepsUpstream = UInt64(body.count) == length && mayReuse(exchange)
        body.truncate(to: body.start + Int(length))
        return true
    }

    /// Whether both sides left the server's connection in a state that another exchange can use.
    private func mayReuse(_ exchange: Exchange) -> Bool {
        guard let upstream = exchange.upstream else { return false }
        return exchange.response.keepAlive && exchange.upload == nil && !exchange.uploadFailed && !upstream.isHungUp
            && isQuiet(upstream)
    }

    /// Nothing more waits on the connection. Only where a read filled its buffer exactly must the kernel be asked.
    private func isQuiet(_ upstream: Socket) -> Bool {
        guard upstream.isReadable else { return true }
        let probe = worker.buffers.takeSmall()
        defer { worker.buffers.give(probe) }
        if case .wouldBlock = upstream.receive(into: probe, limit: 1) { return true }
        return false
    }

    private func deliver(
        _ exchange: Exchange, through pump: BodyPump, of pool: PoolRuntime
    ) async -> Ending {
        defer {
            noteSent(pump.count)
            exchange.server?.metrics.counts.bytesReceived &+= pump.count
        }
        var progressed = worker.now
        while true {
            if let reason = advanceUpload(exchange) { return cut(exchange, reason, behind: pump) }
            let before = pump.count
            let progress = pump.step()
            if pump.count != before { progressed = worker.now }
            exchange.responseBodyBytes = pump.count
            let limit: Interval
            let reason: Reason
            switch progress {
            case .finished:
                if let status = pump.grpcStatus { exchange.grpcStatus = status }
                let isClean = pump.takeLeftover() == nil && exchange.response.framing != .untilClose
                exchange.keepsUpstream = isClean && mayReuse(exchange)
                return ending(of: exchange)
            case .starved: (limit, reason) = (pool.timeouts.response, .upstreamBodyTimeout)
            case .blocked: (limit, reason) = (listener.timeouts.body, .bodyTimeout)
            case .yield:
                worker.wakeNextTurn(self)
                (limit, reason) = (listener.timeouts.body, .bodyTimeout)
            case .cut: return cut(exchange, .upstreamClosed, behind: pump)
            case .sourceFailed: return cut(exchange, .upstreamReset, behind: pump)
            case .invalid, .tooLarge: return cut(exchange, .upstreamInvalid, behind: pump)
            case .sinkFailed: return gone(exchange)
            }
            if socket.isBroken { return gone(exchange) }
            let deadline = min(progressed + limit, exchange.deadline)
            guard await wait(until: deadline) else {
                return cut(exchange, worker.now < exchange.deadline ? reason : .routeTimeout, behind: pump)
            }
        }
    }

    /// The response cannot be completed. Where its framing shows that, the client gets what there is; where the end of
    /// the connection would stand for the end of the body, the connection breaks.
    private func cut(_ exchange: Exchange, _ reason: Reason, behind pump: BodyPump? = nil) -> Ending {
        exchange.reason = reason
        if reason.blame == .upstream { exchange.server?.metrics.counts.reasons.record(reason) }
        if let pump, let ending = endCall(exchange, reason, behind: pump) { return ending }
        let framing = exchange.response.framing
        let endsByClosing = exchange.request.minorVersion == 0 && (framing == .chunked || framing == .untilClose)
        return endsByClosing ? .abort : .gone
    }

    func gone(_ exchange: Exchange) -> Ending {
        exchange.reason = .clientGone
        return .abort
    }

    /// The response is out; a request body that is still coming ends with the connection.
    private func ending(of exchange: Exchange) -> Ending {
        if exchange.upload != nil {
            exchange.keepAlive = false
            exchange.keepsUpstream = false
            expectsMore = true
        }
        return exchange.keepAlive ? .keepAlive : .close
    }

    // MARK: upgrades

    /// Both sides agreed on another protocol (RFC 9110 section 7.8): from here on bytes are only carried.
    private func tunnel(_ exchange: Exchange, to upstream: Socket) async -> Ending {
        guard exchange.request.upgrade != nil, exchange.upload == nil, let answer = exchange.answer else {
            return await fail(exchange, .upstreamInvalid)
        }
        let head = worker.buffers.takeLarge()
        defer { worker.buffers.give(head) }
        writeResponseHead(exchange, to: head)
        let deadline = worker.now + listener.timeouts.body
        noteSent(UInt64(head.count))
        if await send(head, to: socket, deadline: deadline) != nil { return gone(exchange) }
        answer.consume(exchange.response.byteCount)
        exchange.answer = nil
        let early = splitHead(exchange)
        // The relay counts them again.
        if !isLane { listener.metrics.counts.bytesReceived &-= UInt64(early?.count ?? 0) }
        let isShared = upstream.isVirtual
        Relay.start(
            client: socket, server: upstream, fromClient: early, fromServer: answer, idle: listener.timeouts.idle,
            listenerMetrics: isLane ? nil : listener.metrics, serverMetrics: exchange.server?.metrics
        ) { outcome in self.tunnelEnded(exchange, outcome, isShared: isShared) }
        return .handedOver
    }

    /// The bytes behind the head, for the tunnel; of the head a copy of just its size stays for the record.
    private func splitHead(_ exchange: Exchange) -> Buffer? {
        guard let buffer = input else { return nil }
        let head = Buffer(capacity: max(1, exchange.request.byteCount))
        unsafe head.append(buffer.bytes(buffer.start..<buffer.start + exchange.request.byteCount))
        input = head
        buffer.consume(min(exchange.consumed, buffer.count))
        if !buffer.isEmpty { return buffer }
        worker.buffers.give(buffer)
        return nil
    }

    /// The relay has closed both sockets; what the exchange's own end would have settled is settled now.
    private func tunnelEnded(_ exchange: Exchange, _ outcome: RelayOutcome, isShared: Bool) {
        exchange.reason = outcome.reason
        exchange.requestBodyBytes = outcome.toServer
        exchange.responseBodyBytes = outcome.toClient
        if let server = exchange.server {
            if !isShared { server.metrics.counts.connectionsOpen &-= 1 }
            exchange.isTrying = false
            exchange.pool?.finish(server, exchange.observation(at: worker.now))
        }
        finish(exchange)
        runtime.exchanges.give(exchange)
        ended()
    }
}
