package import AyaCore

/// Frames, written into a buffer (RFC 9113 section 6). Who writes makes sure that there is room.
extension Buffer {
    package func appendFrameHeader(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, length: Int) {
        append(network: UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue))
        append(flags.rawValue)
        append(network: stream)
    }

    package func append(network value: UInt32) {
        append(UInt8(truncatingIfNeeded: value >> 24))
        append(UInt8(truncatingIfNeeded: value >> 16))
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    package func append(network value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    package func appendReset(stream: UInt32, _ code: HTTP2Code) {
        appendFrameHeader(.resetStream, stream: stream, length: 4)
        append(network: code.rawValue)
    }

    package func appendWindowUpdate(stream: UInt32, _ increment: Int) {
        appendFrameHeader(.windowUpdate, stream: stream, length: 4)
        append(network: UInt32(truncatingIfNeeded: increment) & 0x7fff_ffff)
    }

    package func appendPing(_ payload: UInt64, acknowledgement: Bool) {
        appendFrameHeader(.ping, acknowledgement ? .acknowledgement : [], stream: 0, length: 8)
        append(network: UInt32(truncatingIfNeeded: payload >> 32))
        append(network: UInt32(truncatingIfNeeded: payload))
    }

    /// `detail` is for whoever debugs the peer.
    package func appendGoAway(last: UInt32, _ code: HTTP2Code, detail: StaticString = "") {
        appendFrameHeader(.goAway, stream: 0, length: 8 &+ detail.utf8CodeUnitCount)
        append(network: last & 0x7fff_ffff)
        append(network: code.rawValue)
        append(detail)
    }

    package func appendSettingsAcknowledgement() {
        appendFrameHeader(.settings, .acknowledgement, stream: 0, length: 0)
    }

    /// A block of fields in as many frames as the peer's limit asks for (section 4.3).
    package func appendHeaders(_ block: Span<UInt8>, stream: UInt32, end: Bool, limit: Int) {
        var at = 0
        repeat {
            let count = min(limit, block.count &- at)
            var flags: FrameFlags = at == 0 && end ? .endStream : []
            if at &+ count == block.count { flags.insert(.endHeaders) }
            appendFrameHeader(at == 0 ? .headers : .continuation, flags, stream: stream, length: count)
            append(block.extracting(at..<at &+ count))
            at &+= count
        } while at < block.count
    }
}
