internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What a client's frames mean.
extension HTTP2ClientConnection {
    func take(_ event: HTTP2Event, _ input: Span<UInt8>) {
        switch event {
        case .needMore, .pong, .priority: break
        case .settings: windowsMoved()
        case .head(let stream, let ends): begin(stream, ends: ends)
        case .data(let stream, let range, let credit, let ends):
            // Safe: the span is the connection's input, which stays as it is until the event is done with.
            let padding = credit &- range.count
            if padding > 0 { consumed(padding, of: stream) }
            guard let lane = lane(of: stream) else { return ignore(range.count, of: stream) }
            unsafe input.extracting(range).withUnsafeBufferPointer { unsafe lane.received($0, ends: ends) }
        case .trailers(let stream): takeTrailers(stream)
        case .reset(let stream, _, let fault):
            if fault != nil { record(.badRequest) }
            lane(of: stream)?.broken()
            settleIdle()
        case .window(let stream):
            if let stream { lane(of: stream)?.windowOpened() } else { scheduleFlush() }
        case .goAway: closeIfIdle()
        case .failed(let fault):
            record(fault.code == .enhanceYourCalm ? .clientFlood : .protocolViolation)
            closeGently()
        }
    }

    private func lane(of stream: HTTP2Stream) -> ClientStream? {
        // Safe: this connection gives its streams no other owners.
        stream.owner.map { unsafe unsafeDowncast($0, to: ClientStream.self) }
    }

    /// A new initial window is one for every stream that waits for its own.
    private func windowsMoved() {
        session.forEachStream { stream in
            if stream.sendWindow > 0 { lane(of: stream)?.windowOpened() }
        }
    }

    private func begin(_ stream: HTTP2Stream, ends: Bool) {
        // A stream that its client gave up may still keep a lane busy for a moment.
        guard busyLanes < session.limits.maxConcurrentStreams * 2 else { return reset(stream, .refusedStream) }
        if session.block.isTooLarge { return refuse(stream, status: 431, .headTooLarge, ends: ends) }
        let lane = idleLanes.popLast() ?? makeLane()
        let key = (worker.random.next(), worker.random.next())
        switch lane.begin(stream, session.block, ends: ends, key: key) {
        case .success(let request):
            if let field = request.priority {
                unsafe stream.priority.read(session.block.bytes.bytes(field.range).span)
            }
            session.accept(stream, length: request.contentLength, isFinal: true)
            busyLanes += 1
            lane.start()
        case .failure(let fault):
            idleLanes.append(lane)
            take(session.refuse(stream, fault, output()), Span())
            scheduleFlush()
        }
    }

    /// A head that is not looked at: its stream is answered here.
    private func refuse(_ stream: HTTP2Stream, status: Int, _ reason: Reason, ends: Bool) {
        listener.metrics.counts.requests &+= 1
        record(reason)
        let encoded = runtime.http2.encoded
        encoded.clear()
        session.encoder.begin(encoded)
        session.encoder.status(status, to: encoded)
        unsafe session.sendHead(stream, encoded.unread.span, ends: true, output())
        if !ends { session.reset(stream, .noError, output()) }
        scheduleFlush()
    }

    /// A body whose request is answered already. A short one is read to its end, which every client understands; of a
    /// longer one the client is told that it is in vain (RFC 9113 section 8.1).
    private func ignore(_ count: Int, of stream: HTTP2Stream) {
        consumed(count, of: nil)
        if !stream.hasEnded, stream.receiveWindow < session.limits.streamWindow / 2 { reset(stream, .noError) }
        if stream.isClosed { settleIdle() }
    }

    private func takeTrailers(_ stream: HTTP2Stream) {
        guard let lane = lane(of: stream) else { return settleIdle() }
        let lines = worker.buffers.takeLarge()
        if let fault = session.block.isTooLarge
            ? HTTP2Fault(.enhanceYourCalm, "the trailers are too large")
            : session.block.writeTrailers(to: lines)
                ?? (lines.overflowed
                    ? HTTP2Fault(.enhanceYourCalm, "the trailers are too large") : nil)
        {
            worker.buffers.give(lines)
            take(session.refuse(stream, fault, output()), Span())
            scheduleFlush()
            return lane.broken()
        }
        lane.receivedTrailers(lines)
    }

    private func makeLane() -> ClientStream {
        let lane = ClientStream(self)
        HTTPConnection.start(on: lane, of: self)
        return lane
    }

    // MARK: from the lanes

    /// A lane's response is out.
    func finished(_ lane: ClientStream, isReusable: Bool) {
        busyLanes -= 1
        leave(lane)
        if isReusable, idleLanes.count < 64, case .open = phase { idleLanes.append(lane) }
        settleIdle()
    }

    /// A lane's `HTTPConnection` has ended.
    func left(_ lane: ClientStream, wasBusy: Bool) {
        if wasBusy { busyLanes -= 1 }
        leave(lane)
        idleLanes.removeAll { $0 === lane }
        settleIdle()
    }

    private func leave(_ lane: ClientStream) {
        lane.hasTurn = false
        guard lane.isWaiting else { return }
        lane.isWaiting = false
        waiting.removeAll { $0 === lane }
    }

    /// Notes when the last stream is over; a connection that drains ends then.
    func settleIdle() {
        guard session.streamCount == 0 else { return }
        idleSince = worker.now
        closeIfIdle()
    }

    func closeIfIdle() {
        guard session.streamCount == 0, busyLanes == 0, case .open = phase else { return }
        if session.goneAway != nil && session.goneAway != 0x7fff_ffff || session.peerGoneAway != nil { closeGently() }
    }
}
