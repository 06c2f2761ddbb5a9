package import AyaCore

/// What we send.
extension HTTP2Session {
    /// The connection can carry another stream of ours, now or when one has ended.
    package var mayOpen: Bool { peerGoneAway == nil && !hasFailed && nextStream < 0x7fff_fff0 }

    /// A stream of ours has begun.
    package var hasOpened: Bool { nextStream > 1 }

    /// Begins a stream of ours; nil when the peer takes none any more.
    package func open() -> HTTP2Stream? {
        guard mayOpen, streams.count < peer.maxConcurrentStreams else { return nil }
        let stream = pool.take(
            nextStream, sendWindow: peer.initialWindow, receiveWindow: limits.streamWindow)
        nextStream &+= 2
        streams.insert(stream)
        return stream
    }

    /// Sends an encoded head or trailers. Interim heads and trailers too.
    package func sendHead(_ stream: HTTP2Stream, _ block: Span<UInt8>, ends: Bool, _ out: Buffer) {
        guard !stream.isClosed, !stream.isEnded else { return }
        out.appendHeaders(block, stream: stream.id, end: ends, limit: min(peer.maxFrameSize, 16384))
        if ends { ended(stream) }
    }

    /// How much of a body the windows let through.
    package func allowance(_ stream: HTTP2Stream) -> Int {
        max(0, min(stream.sendWindow, sendWindow, peer.maxFrameSize, 16384))
    }

    /// Sends a piece of a body, which the allowance and the buffer's room must cover.
    package func sendData(_ stream: HTTP2Stream, _ bytes: Span<UInt8>, ends: Bool, _ out: Buffer) {
        guard !stream.isClosed, !stream.isEnded else { return }
        out.appendFrameHeader(.data, ends ? .endStream : [], stream: stream.id, length: bytes.count)
        out.append(bytes)
        stream.sendWindow &-= bytes.count
        sendWindow &-= bytes.count
        if bytes.count >= 256 { guards.earn(bytes: bytes.count) }
        if ends { ended(stream) }
    }

    private func ended(_ stream: HTTP2Stream) {
        stream.isEnded = true
        closeIfDone(stream)
    }

    /// So many bytes of a body went on: the peer may send as many again. Told when it is worth a frame.
    package func consume(_ count: Int, of stream: HTTP2Stream?, _ out: Buffer) {
        consumed &+= count
        if consumed >= limits.connectionWindow / 4 {
            out.appendWindowUpdate(stream: 0, consumed)
            receiveWindow &+= consumed
            consumed = 0
        }
        guard let stream, !stream.isClosed, !stream.hasEnded else { return }
        stream.consumed &+= count
        if stream.consumed >= limits.streamWindow / 4 {
            out.appendWindowUpdate(stream: stream.id, stream.consumed)
            stream.receiveWindow &+= stream.consumed
            stream.consumed = 0
        }
    }

    package func ping(_ payload: UInt64, _ out: Buffer) { out.appendPing(payload, acknowledgement: false) }
}
