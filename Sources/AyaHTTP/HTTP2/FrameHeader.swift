/// The types of frames (RFC 9113 section 6, RFC 9218 section 7.1). Others are ignored.
package enum FrameType: UInt8, Sendable {
    case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
    case priorityUpdate = 16
}

/// The flags of frames: the same bit means different things on different types.
package struct FrameFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static var endStream: FrameFlags { FrameFlags(rawValue: 0x1) }
    package static var acknowledgement: FrameFlags { FrameFlags(rawValue: 0x1) }
    package static var endHeaders: FrameFlags { FrameFlags(rawValue: 0x4) }
    package static var padded: FrameFlags { FrameFlags(rawValue: 0x8) }
    package static var priority: FrameFlags { FrameFlags(rawValue: 0x20) }
}

/// The nine bytes before each frame (RFC 9113 section 4.1).
package struct FrameHeader: Equatable, Sendable {
    package var length: Int
    package var type: UInt8
    package var flags: FrameFlags
    /// Without the reserved bit.
    package var stream: UInt32

    package static var size: Int { 9 }

    package init(length: Int, type: UInt8, flags: FrameFlags, stream: UInt32) {
        self.length = length
        self.type = type
        self.flags = flags
        self.stream = stream
    }

    /// Nil until nine bytes are here.
    package init?(_ bytes: Span<UInt8>, at start: Int) {
        guard start >= 0, bytes.count &- start >= Self.size else { return nil }
        length = Int(bytes[start]) << 16 | Int(bytes[start &+ 1]) << 8 | Int(bytes[start &+ 2])
        type = bytes[start &+ 3]
        flags = FrameFlags(rawValue: bytes[start &+ 4])
        stream = bytes.number(at: start &+ 5) & 0x7fff_ffff
    }
}

extension Span where Element == UInt8 {
    /// Four bytes in network order.
    @inline(__always)
    func number(at start: Int) -> UInt32 {
        UInt32(self[start]) << 24 | UInt32(self[start &+ 1]) << 16 | UInt32(self[start &+ 2]) << 8
            | UInt32(self[start &+ 3])
    }
}
