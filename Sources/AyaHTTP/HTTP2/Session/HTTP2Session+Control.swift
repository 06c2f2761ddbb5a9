internal import AyaCore

/// Frames about the connection and its streams rather than about messages.
extension HTTP2Session {
    // MARK: PRIORITY (section 6.3), of which nothing is left but its syntax

    func takePriority(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream == 0 { return fail(HTTP2Fault(.protocolError, "PRIORITY on stream 0"), out) }
        let isShort = range.count != 5
        guard isShort || input.number(at: range.lowerBound) & 0x7fff_ffff == frame.stream else {
            return guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        }
        let fault =
            isShort
            ? HTTP2Fault(.frameSizeError, "PRIORITY is not five bytes")
            : HTTP2Fault(.protocolError, "a stream depends on itself")
        if let stream = streams[frame.stream] { return fail(stream, fault, out) }
        return fail(fault, out)
    }

    // MARK: PRIORITY_UPDATE (RFC 9218 section 7.1)

    func takePriorityUpdate(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        guard isServer, frame.stream == 0 else {
            return fail(HTTP2Fault(.protocolError, "PRIORITY_UPDATE where none may be"), out)
        }
        guard range.count >= 4 else { return fail(HTTP2Fault(.frameSizeError, "PRIORITY_UPDATE is too short"), out) }
        let id = input.number(at: range.lowerBound) & 0x7fff_ffff
        if id == 0 { return fail(HTTP2Fault(.protocolError, "PRIORITY_UPDATE of stream 0"), out) }
        guard guards.spendFrame() else { return fail(Self.tooManyFrames, out) }
        var priority = StreamPriority()
        priority.read(input.extracting((range.lowerBound &+ 4)..<range.upperBound))
        if let stream = streams[id] {
            stream.priority = priority
            return .priority(stream)
        }
        if id > lastPeerStream, id & 1 == 1 {
            early.removeAll { $0.0 == id || $0.0 <= lastPeerStream }
            if early.count < 16 { early.append((id, priority)) }
        }
        return nil
    }

    // MARK: RST_STREAM (section 6.4)

    func takeReset(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream == 0 { return fail(HTTP2Fault(.protocolError, "RST_STREAM on stream 0"), out) }
        guard range.count == 4 else { return fail(HTTP2Fault(.frameSizeError, "RST_STREAM is not four bytes"), out) }
        guard let stream = streams[frame.stream] else {
            forget(frame.stream)
            return isIdle(frame.stream)
                ? fail(HTTP2Fault(.protocolError, "RST_STREAM on an idle stream"), out)
                : guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        }
        close(stream)
        // A client whose server takes a stream back is not at fault.
        if isServer, !guards.spendReset() { return fail(Self.tooManyResets, out) }
        return .reset(stream, HTTP2Code(rawValue: input.number(at: range.lowerBound)) ?? .internalError, nil)
    }

    private func isIdle(_ id: UInt32) -> Bool {
        (id & 1 == 1) == isServer ? id > lastPeerStream : id >= nextStream
    }

    // MARK: SETTINGS (section 6.5)

    func takeSettings(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream != 0 { return fail(HTTP2Fault(.protocolError, "SETTINGS on a stream"), out) }
        if frame.flags.contains(.acknowledgement) {
            guard range.isEmpty else { return fail(HTTP2Fault(.frameSizeError, "an acknowledgement has a body"), out) }
            guard guards.spendFrame() else { return fail(Self.tooManyFrames, out) }
            unacknowledged = max(0, unacknowledged - 1)
            return nil
        }
        guard range.count % 6 == 0 else {
            return fail(HTTP2Fault(.frameSizeError, "SETTINGS is not made of sixes"), out)
        }
        guard guards.spendFrame(1 + range.count / 6) else { return fail(Self.tooManyFrames, out) }
        let before = peer.initialWindow
        for at in stride(from: range.lowerBound, to: range.upperBound, by: 6) {
            let identifier = UInt16(input[at]) << 8 | UInt16(input[at &+ 1])
            let value = input.number(at: at &+ 2)
            if let fault = peer.take(identifier, value, fromServer: !isServer) { return fail(fault, out) }
            // One after the other: the smallest is told to the peer's decoder too (RFC 7541 section 4.2).
            encoder.limitTable(to: peer.headerTableSize)
        }
        // Section 6.9.2: what the window was matters less than what it changed by.
        let change = peer.initialWindow &- before
        var overflows = false
        if change != 0 {
            streams.forEach { stream in
                stream.sendWindow &+= change
                if stream.sendWindow > 0x7fff_ffff { overflows = true }
            }
        }
        if overflows { return fail(HTTP2Fault(.flowControlError, "a window grows beyond its bound"), out) }
        out.appendSettingsAcknowledgement()
        phase = .open
        hasPeerSettings = true
        return .settings
    }

    // MARK: PING (section 6.7)

    func takePing(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream != 0 { return fail(HTTP2Fault(.protocolError, "PING on a stream"), out) }
        guard range.count == 8 else { return fail(HTTP2Fault(.frameSizeError, "PING is not eight bytes"), out) }
        let payload =
            UInt64(input.number(at: range.lowerBound)) << 32 | UInt64(input.number(at: range.lowerBound &+ 4))
        guard guards.spendFrame() else { return fail(Self.tooManyFrames, out) }
        if frame.flags.contains(.acknowledgement) { return .pong(payload) }
        out.appendPing(payload, acknowledgement: true)
        return nil
    }

    // MARK: GOAWAY (section 6.8)

    func takeGoAway(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream != 0 { return fail(HTTP2Fault(.protocolError, "GOAWAY on a stream"), out) }
        guard range.count >= 8 else { return fail(HTTP2Fault(.frameSizeError, "GOAWAY is too short"), out) }
        guard guards.spendFrame() else { return fail(Self.tooManyFrames, out) }
        let last = input.number(at: range.lowerBound) & 0x7fff_ffff
        peerGoneAway = min(peerGoneAway ?? .max, last)
        return .goAway(last: last, code: input.number(at: range.lowerBound &+ 4))
    }

    // MARK: WINDOW_UPDATE (section 6.9)

    func takeWindowUpdate(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        guard range.count == 4 else { return fail(HTTP2Fault(.frameSizeError, "WINDOW_UPDATE is not four bytes"), out) }
        let increment = Int(input.number(at: range.lowerBound) & 0x7fff_ffff)
        if frame.stream == 0 {
            if increment == 0 { return fail(HTTP2Fault(.protocolError, "a window is opened by nothing"), out) }
            sendWindow &+= increment
            if increment < 128, sendWindow < 128, !guards.spendFrame() { return fail(Self.tooManyFrames, out) }
            if sendWindow > 0x7fff_ffff {
                return fail(HTTP2Fault(.flowControlError, "a window grows beyond its bound"), out)
            }
            return .window(nil)
        }
        guard let stream = streams[frame.stream] else {
            return isIdle(frame.stream)
                ? fail(HTTP2Fault(.protocolError, "WINDOW_UPDATE on an idle stream"), out)
                : guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        }
        if increment == 0 {
            return fail(stream, HTTP2Fault(.protocolError, "a window is opened by nothing"), out)
        }
        stream.sendWindow &+= increment
        // A few bytes at a time would have us send a frame for each.
        if increment < 128, stream.sendWindow < 128, !guards.spendFrame() { return fail(Self.tooManyFrames, out) }
        if stream.sendWindow > 0x7fff_ffff {
            return fail(stream, HTTP2Fault(.flowControlError, "a window grows beyond its bound"), out)
        }
        return .window(stream)
    }
}
