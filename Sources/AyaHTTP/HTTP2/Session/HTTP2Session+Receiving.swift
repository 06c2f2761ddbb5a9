package import AyaCore

/// What the peer sends: one event a call.
extension HTTP2Session {
    /// The next event from `offset` on, which moves behind what was consumed. Answers that the protocol asks for are
    /// written to `out`: at most `answerRoom` bytes a call, which the caller makes sure of.
    package func next(_ input: Span<UInt8>, at offset: inout Int, _ out: Buffer) -> HTTP2Event {
        while true {
            switch phase {
            case .failed: return .needMore
            case .preface:
                switch takePreface(input, at: &offset) {
                case nil: return .needMore
                case true?: phase = .settings
                case false?: return fail(HTTP2Fault(.protocolError, "the connection preface is wrong"), out)
                }
            case .settings, .open:
                guard let frame = FrameHeader(input, at: offset) else { return .needMore }
                if frame.length > HTTP2Limits.largestFrame {
                    return fail(HTTP2Fault(.frameSizeError, "a frame is longer than the limit"), out)
                }
                if case .settings = phase {
                    guard frame.type == FrameType.settings.rawValue, !frame.flags.contains(.acknowledgement) else {
                        return fail(HTTP2Fault(.protocolError, "the first frame is not SETTINGS"), out)
                    }
                }
                let start = offset &+ FrameHeader.size
                guard input.count &- start >= frame.length else { return .needMore }
                offset = start &+ frame.length
                if out.room < Self.answerRoom { return fail(HTTP2Fault(.internalError, "no room for answers"), out) }
                if let event = take(frame, input, start..<offset, out) { return event }
            }
        }
    }

    package static var answerRoom: Int { 256 }

    private func takePreface(_ input: Span<UInt8>, at offset: inout Int) -> Bool? {
        let count = min(24, input.count &- offset)
        for index in 0..<count {
            let expected = unsafe Self.preface.utf8Start[index]
            if input[offset &+ index] != expected { return false }
        }
        guard count == 24 else { return nil }
        offset &+= 24
        return true
    }

    /// Nil when a frame has nothing to tell.
    private func take(_ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer) -> HTTP2Event? {
        let type = FrameType(rawValue: frame.type)
        if continued != nil, type != .continuation {
            return fail(HTTP2Fault(.protocolError, "a frame stands within a block of fields"), out)
        }
        switch type {
        case .data: return takeData(frame, input, range, out)
        case .headers: return takeHeaders(frame, input, range, out)
        case .priority: return takePriority(frame, input, range, out)
        case .resetStream: return takeReset(frame, input, range, out)
        case .settings: return takeSettings(frame, input, range, out)
        case .pushPromise: return fail(HTTP2Fault(.protocolError, "nobody asked for a push"), out)
        case .ping: return takePing(frame, input, range, out)
        case .goAway: return takeGoAway(frame, input, range, out)
        case .windowUpdate: return takeWindowUpdate(frame, input, range, out)
        case .continuation: return takeContinuation(frame, input, range, out)
        case .priorityUpdate: return takePriorityUpdate(frame, input, range, out)
        case nil: return guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        }
    }

    static var tooManyFrames: HTTP2Fault { HTTP2Fault(.enhanceYourCalm, "too many frames that bring nothing") }

    /// The stream of a number that somebody used and nobody knows: it must be closed, and then the frame is a fault
    /// unless it was under way when we gave the stream up. `true`: ignore it.
    private func ignoresClosed(_ id: UInt32) -> Bool? {
        let isPeers = (id & 1 == 1) == isServer
        let isIdle = isPeers ? id > lastPeerStream : id >= nextStream
        if isIdle { return nil }
        return wasGivenUp(id)
    }

    /// The payload without its padding; nil when the padding is longer than the frame (section 6.1).
    private func unpadded(_ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        guard frame.flags.contains(.padded) else { return range }
        guard !range.isEmpty else { return nil }
        let start = range.lowerBound &+ 1
        let end = range.upperBound &- Int(input[range.lowerBound])
        return end >= start ? start..<end : nil
    }

    // MARK: DATA (section 6.1)

    private func takeData(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream == 0 { return fail(HTTP2Fault(.protocolError, "DATA on stream 0"), out) }
        guard let payload = unpadded(frame, input, range) else {
            return fail(HTTP2Fault(.protocolError, "padding is longer than its frame"), out)
        }
        receiveWindow &-= frame.length
        if receiveWindow < 0 {
            return fail(HTTP2Fault(.flowControlError, "more bytes than the connection's window"), out)
        }
        guard let stream = streams[frame.stream] else {
            switch ignoresClosed(frame.stream) {
            case nil: return fail(HTTP2Fault(.protocolError, "DATA on an idle stream"), out)
            case false?: return fail(HTTP2Fault(.streamClosed, "DATA on a closed stream"), out)
            case true?:
                if frame.flags.contains(.endStream) { forget(frame.stream) }
                consume(frame.length, of: nil, out)
                return guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
            }
        }
        if stream.hasEnded || !stream.hasHead {
            consume(frame.length, of: nil, out)
            let code: HTTP2Code = stream.hasEnded ? .streamClosed : .protocolError
            return fail(stream, HTTP2Fault(code, "DATA before the head or behind the end"), out)
        }
        stream.receiveWindow &-= frame.length
        if stream.receiveWindow < 0 {
            consume(frame.length, of: nil, out)
            return fail(stream, HTTP2Fault(.flowControlError, "more bytes than the stream's window"), out)
        }
        let ends = frame.flags.contains(.endStream)
        stream.received &+= Int64(payload.count)
        if stream.expected >= 0, stream.received > stream.expected || ends && stream.received < stream.expected {
            consume(frame.length, of: nil, out)
            return fail(stream, HTTP2Fault(.protocolError, "the body is not as long as its content-length"), out)
        }
        if payload.count >= 256 { guards.earn(bytes: payload.count) }
        if payload.isEmpty, !ends, !guards.spendFrame() { return fail(Self.tooManyFrames, out) }
        if ends { peerEnded(stream) }
        return .data(stream, payload, credit: frame.length, ends: ends)
    }

    private func peerEnded(_ stream: HTTP2Stream) {
        stream.hasEnded = true
        closeIfDone(stream)
    }

    // MARK: HEADERS and CONTINUATION (sections 6.2 and 6.10)

    private func takeHeaders(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        if frame.stream == 0 { return fail(HTTP2Fault(.protocolError, "HEADERS on stream 0"), out) }
        guard var payload = unpadded(frame, input, range) else {
            return fail(HTTP2Fault(.protocolError, "padding is longer than its frame"), out)
        }
        var dependsOnItself = false
        if frame.flags.contains(.priority) {
            guard payload.count >= 5 else { return fail(HTTP2Fault(.frameSizeError, "HEADERS is too short"), out) }
            dependsOnItself = input.number(at: payload.lowerBound) & 0x7fff_ffff == frame.stream
            payload = (payload.lowerBound &+ 5)..<payload.upperBound
        }
        let ends = frame.flags.contains(.endStream)
        if dependsOnItself {
            return fail(HTTP2Fault(.protocolError, "a stream depends on itself"), out)
        }
        if frame.flags.contains(.endHeaders) {
            return takeBlock(frame.stream, input.extracting(payload), ends: ends, out)
        }
        continued = HeaderContinuation(
            stream: frame.stream, ends: ends, frames: 0, bytes: input.extracting(payload).copied())
        return nil
    }

    private func takeContinuation(
        _ frame: FrameHeader, _ input: Span<UInt8>, _ range: Range<Int>, _ out: Buffer
    ) -> HTTP2Event? {
        guard var block = continued.take(), block.stream == frame.stream else {
            return fail(HTTP2Fault(.protocolError, "CONTINUATION continues nothing"), out)
        }
        block.frames += 1
        if block.bytes.count + range.count > limits.headerBlock || block.frames > 32 {
            return fail(HTTP2Fault(.enhanceYourCalm, "a head goes on and on"), out)
        }
        if range.count < 32, !guards.spendFrame(20) { return fail(Self.tooManyFrames, out) }
        block.bytes.append(contentsOf: input.extracting(range).copied())
        guard frame.flags.contains(.endHeaders) else {
            continued = block
            return nil
        }
        return takeBlock(block.stream, block.bytes.span, ends: block.ends, out)
    }

    /// A whole block: the beginning of a stream, a final head behind interim ones, or trailers.
    private func takeBlock(_ id: UInt32, _ bytes: Span<UInt8>, ends: Bool, _ out: Buffer) -> HTTP2Event? {
        block.begin(limits: limits)
        // Compression is the connection's: even what is ignored has to be decoded.
        if let fault = decoder.decode(bytes, into: block) { return fail(fault, out) }
        if let stream = streams[id] { return takeHead(stream, ends: ends, out) }
        switch ignoresClosed(id) {
        case true?:
            // What a client still sends of such a stream are trailers; a server may have begun its answer.
            if isServer, let first = block.fields.first, unsafe block.bytes.unread.span.startsPseudo(first) {
                return fail(HTTP2Fault(.protocolError, "trailers have a pseudo-header"), out)
            }
            if ends { forget(id) }
            return guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        case false?: return fail(HTTP2Fault(.streamClosed, "HEADERS on a closed stream"), out)
        case nil: break
        }
        guard isServer, id & 1 == 1 else {
            return fail(HTTP2Fault(.protocolError, "HEADERS on a stream that is not the peer's"), out)
        }
        lastPeerStream = id
        if let goneAway, id > goneAway {
            remember(id)
            return guards.spendFrame() ? nil : fail(Self.tooManyFrames, out)
        }
        if streams.count >= limits.maxConcurrentStreams {
            out.appendReset(stream: id, .refusedStream)
            remember(id)
            return guards.spendReset() ? nil : fail(Self.tooManyResets, out)
        }
        let stream = pool.take(id, sendWindow: peer.initialWindow, receiveWindow: limits.streamWindow)
        stream.hasHead = true
        stream.hasEnded = ends
        if let index = early.firstIndex(where: { $0.0 == id }) { stream.priority = early.remove(at: index).1 }
        streams.insert(stream)
        return .head(stream, ends: ends)
    }

    private func takeHead(_ stream: HTTP2Stream, ends: Bool, _ out: Buffer) -> HTTP2Event? {
        if stream.hasEnded {
            return fail(stream, HTTP2Fault(.streamClosed, "HEADERS behind the end of a stream"), out)
        }
        if !stream.hasHead {
            if ends { stream.hasEnded = true }
            return .head(stream, ends: ends)
        }
        guard ends else {
            return fail(stream, HTTP2Fault(.protocolError, "trailers do not end their stream"), out)
        }
        if stream.expected >= 0, stream.received != stream.expected {
            return fail(stream, HTTP2Fault(.protocolError, "the body is not as long as its content-length"), out)
        }
        peerEnded(stream)
        return .trailers(stream)
    }

    /// What a head, once it is understood, means for what follows it. `isFinal`: no interim response.
    package func accept(_ stream: HTTP2Stream, length: UInt64?, isFinal: Bool) {
        if isFinal { stream.hasHead = true }
        if isFinal, let length { stream.expected = Int64(clamping: length) }
        if stream.hasEnded { closeIfDone(stream) }
    }

    /// A head, once it is understood, breaks the rules.
    package func refuse(_ stream: HTTP2Stream, _ fault: HTTP2Fault, _ out: Buffer) -> HTTP2Event {
        fail(stream, fault, out)
    }
}

extension Span where Element == UInt8 {
    func copied() -> [UInt8] {
        // Safe: the pointer does not leave the closure.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
