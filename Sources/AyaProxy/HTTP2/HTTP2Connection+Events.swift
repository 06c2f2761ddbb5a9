internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// What a peer's frames mean to the lanes.
extension HTTP2Connection {
    final func take(_ event: HTTP2Event, _ input: Span<UInt8>) {
        switch event {
        case .needMore, .pong, .priority: break
        case .settings:
            windowsMoved()
            settled()
        case .head(let stream, let ends): begin(stream, ends: ends)
        case .data(let stream, let range, let credit, let ends):
            // Safe: the span is the connection's input, which stays as it is until the event is done with.
            let padding = credit &- range.count
            if padding > 0 { consumed(padding, of: stream) }
            guard let lane = lane(of: stream) else { return ignore(range.count, of: stream) }
            unsafe input.extracting(range).withUnsafeBufferPointer { unsafe lane.received($0, ends: ends) }
        case .trailers(let stream): takeTrailers(stream)
        case .reset(let stream, let code, let fault):
            wasReset(stream, code, fault)
            settleIdle()
        case .window(let stream):
            if let stream { lane(of: stream)?.windowOpened() } else { scheduleFlush() }
        case .goAway(let last, _):
            wentAway(last: last)
            closeIfIdle()
        case .failed(let fault):
            failed(fault)
            closeGently()
        }
    }

    final func lane(of stream: HTTP2Stream) -> HTTP2Lane? {
        // Safe: connections give their streams no other owners.
        stream.owner.map { unsafe unsafeDowncast($0, to: HTTP2Lane.self) }
    }

    /// A new initial window is one for every stream that waits for its own.
    private func windowsMoved() {
        session.forEachStream { stream in
            if stream.sendWindow > 0 { lane(of: stream)?.windowOpened() }
        }
    }

    /// Gives a stream up whose head or trailers break the rules.
    final func refuse(_ stream: HTTP2Stream, _ fault: HTTP2Fault) {
        take(session.refuse(stream, fault, output()), Span())
        scheduleFlush()
    }

    /// A body that nobody reads. A short one is read to its end, which every peer understands; of a longer one the
    /// peer is told that it is in vain (RFC 9113 section 8.1).
    private func ignore(_ count: Int, of stream: HTTP2Stream) {
        consumed(count, of: nil)
        if !stream.hasEnded, stream.receiveWindow < session.limits.streamWindow / 2 { reset(stream, .noError) }
        if stream.isClosed { settleIdle() }
    }

    private func takeTrailers(_ stream: HTTP2Stream) {
        guard let lane = lane(of: stream) else { return settleIdle() }
        let lines = worker.buffers.takeLarge()
        let tooLarge = HTTP2Fault(.enhanceYourCalm, "the trailers are too large")
        var fault = session.block.isTooLarge ? tooLarge : session.block.writeTrailers(to: lines)
        if fault == nil, lines.overflowed { fault = tooLarge }
        guard let fault else { return lane.receivedTrailers(lines) }
        worker.buffers.give(lines)
        refuse(stream, fault)
        lane.broken()
    }

    // MARK: from the lanes

    /// A lane is no longer in use.
    final func left(_ lane: HTTP2Lane, wasBusy: Bool, isReusable: Bool) {
        if wasBusy {
            busyLanes -= 1
            freed(lane)
        }
        leave(lane)
        if isReusable, idleLanes.count < 64, case .open = phase {
            idleLanes.append(lane)
        } else {
            idleLanes.removeAll { $0 === lane }
        }
        settleIdle()
    }

    private func leave(_ lane: HTTP2Lane) {
        lane.hasTurn = false
        guard lane.isWaiting else { return }
        lane.isWaiting = false
        waiting.removeAll { $0 === lane }
    }

    // MARK: time

    /// Streams whose lanes are done with them and that still go on: nobody reads them.
    final func endAnsweredStreams() {
        var answered: [HTTP2Stream] = []
        session.forEachStream { if $0.isEnded, $0.owner == nil { answered.append($0) } }
        for stream in answered { reset(stream, .noError) }
        if !answered.isEmpty { settleIdle() }
    }

    /// Asks whether the peer is there.
    final func ask() {
        guard asked == nil else { return }
        asked = worker.now
        session.ping(UInt64(bitPattern: worker.now.nanoseconds), output())
        scheduleFlush()
    }
}
