internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// Frames on their way to the peer: gathered in one buffer, sent at the end of the turn, and shared among streams by
/// their priority (RFC 9218) when there is not room for all.
extension HTTP2Connection: TurnEndWork {
    final func output() -> Buffer {
        if let out { return out }
        let buffer = worker.buffers.takeLarge()
        out = buffer
        // From nothing to something: what stalls is measured from here.
        progressed = worker.now
        scheduleFlush()
        return buffer
    }

    final func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        worker.atTurnEnd(self)
    }

    final func flush() {
        isFlushScheduled = false
        if case .closed = phase { return }
        sendOut()
        if case .lingering = phase {
            if out == nil { socket.endSending() }
            return
        }
        guard socket.isOpen else { return close() }
        admit()
        if isReadingPaused, out == nil {
            isReadingPaused = false
            worker.wakeNextTurn(self)
        }
    }

    /// Sends what the socket takes.
    private func sendOut() {
        guard let buffer = out else { return }
        while !buffer.isEmpty {
            switch socket.send(from: buffer) {
            case .bytes(let count):
                progressed = worker.now
                self.count(received: 0, sent: count)
            case .wouldBlock: return buffer.compact()
            case .end, .failed:
                buffer.clear()
                socket.reset()
                worker.wakeNextTurn(self)
            }
        }
        worker.buffers.give(buffer)
        out = nil
    }

    /// The buffer with room for what the protocol has to answer; nil when the peer takes nothing.
    final func roomForAnswers() -> Buffer? {
        let buffer = output()
        if buffer.room >= HTTP2Session.answerRoom { return buffer }
        sendOut()
        let now = output()
        if now.room >= HTTP2Session.answerRoom { return now }
        isReadingPaused = true
        return nil
    }

    // MARK: lanes

    /// Room for the frames of a head or of trailers; false when the lane has to wait.
    final func makeRoom(for lane: HTTP2Lane, _ needed: Int) -> Bool {
        guard isTurn(of: lane) else { return false }
        if output().room >= needed + HTTP2Scratch.controlRoom { return true }
        sendOut()
        if output().room >= needed + HTTP2Scratch.controlRoom || output().isEmpty { return true }
        wait(lane)
        return false
    }

    /// Room for a body's bytes in their frame.
    final func bodyRoom(for lane: HTTP2Lane) -> Int {
        guard isTurn(of: lane) else { return 0 }
        if output().room < Self.leastRoom { sendOut() }
        let room = output().room - HTTP2Scratch.controlRoom - FrameHeader.size
        return room >= Self.leastRoom - HTTP2Scratch.controlRoom - FrameHeader.size ? room : 0
    }

    private static let leastRoom = HTTP2Scratch.controlRoom + 4096

    /// Whether nobody more urgent, or of the same urgency and earlier, waits.
    private func isTurn(of lane: HTTP2Lane) -> Bool {
        if waiting.isEmpty || lane.hasTurn { return true }
        let urgency = lane.urgency
        if waiting.contains(where: { $0 !== lane && $0.urgency <= urgency }) {
            wait(lane)
            return false
        }
        return true
    }

    final func wait(_ lane: HTTP2Lane) {
        lane.hasTurn = false
        guard !lane.isWaiting else { return }
        lane.isWaiting = true
        waiting.append(lane)
    }

    /// Gives the next turn: to the most urgent stream, or, where pieces are of use, to all of its urgency that want
    /// them in pieces.
    private func admit() {
        guard !waiting.isEmpty, session.sendWindow > 0, out.map({ $0.room >= Self.leastRoom }) ?? true,
            socket.isWritable
        else { return }
        var urgency: UInt8 = 255
        var first: HTTP2Lane?
        for lane in waiting where lane.urgency < urgency {
            urgency = lane.urgency
            first = lane
        }
        guard let first else { return }
        let chosen = first.isIncremental ? waiting.filter { $0.urgency == urgency && $0.isIncremental } : [first]
        for lane in chosen {
            lane.isWaiting = false
            lane.hasTurn = true
        }
        waiting.removeAll { $0.hasTurn }
        for lane in chosen { lane.windowOpened() }
        if !waiting.isEmpty { scheduleFlush() }
    }

    /// Sends the block of fields that stands encoded in the scratch.
    final func sendEncodedHead(_ stream: HTTP2Stream, ends: Bool) {
        unsafe session.sendHead(stream, scratch.encoded.unread.span, ends: ends, output())
        scheduleFlush()
    }

    final func sendTrailers(_ stream: HTTP2Stream, _ lines: Span<UInt8>) {
        let encoded = scratch.encoded
        encoded.clear()
        session.encoder.encodeTrailers(lines, to: encoded)
        if encoded.isEmpty {
            session.sendData(stream, Span(), ends: true, output())
        } else {
            unsafe session.sendHead(stream, encoded.unread.span, ends: true, output())
        }
        scheduleFlush()
    }

    final func sendData(_ stream: HTTP2Stream, _ bytes: Span<UInt8>, ends: Bool) {
        session.sendData(stream, bytes, ends: ends, output())
        scheduleFlush()
    }

    final func reset(_ stream: HTTP2Stream, _ code: HTTP2Code) {
        session.reset(stream, code, output())
        scheduleFlush()
    }

    /// Bytes of a body were read: the peer may send as many more.
    final func consumed(_ count: Int, of stream: HTTP2Stream?) {
        guard count > 0, case .open = phase else { return }
        session.consume(count, of: stream, output())
        scheduleFlush()
    }
}
