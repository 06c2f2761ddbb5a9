/// Takes the chunked transfer coding apart as it arrives (RFC 9112 section 7.1), without copying the payload.
///
/// Chunk framing is where request smuggling lives, so it is strict: CRLF alone ends a line, sizes have at most sixteen
/// digits, extensions must be well-formed. They are dropped (no recipient may rely on them) and bounded in total.
package struct ChunkedDecoder {
    package enum Event: Equatable, Sendable {
        /// Everything up to the offset is consumed; more must arrive behind it.
        case needMore
        /// Payload, at these offsets of the bytes that were passed.
        case data(Range<Int>)
        /// The body is over. The range holds the trailer lines, each with its CRLF; it is empty without trailers.
        case end(trailers: Range<Int>)
        case invalid(MessageFault)
    }

    private enum Phase: UInt8 { case size, extensions, sizeLineFeed, data, dataReturn, dataLineFeed, trailers, done }

    /// Bytes of a trailer section, which the caller's buffer must be able to hold.
    package static var largestTrailers: Int { 8192 }
    package static var mostTrailers: Int { 64 }
    /// Of extension bytes; payload makes up for them at a sixteenth, so that a long stream may go on.
    private static var largestExtensions: UInt64 { 4096 }

    private var phase = Phase.size
    private var digits: UInt8 = 0
    private var extensions = ChunkExtensions()
    private var extensionBytes: UInt64 = 0
    /// Of the current chunk, still to come.
    private var remaining: UInt64 = 0
    private var trailers = FieldSection(store: nil)

    package init() {}

    /// The body has ended.
    package var isDone: Bool { phase == .done }
    /// Payload of the current chunk that is still to come.
    package var remainingInChunk: UInt64 { phase == .data ? remaining : 0 }

    /// The next event from `offset` on, which moves behind what was consumed. While the trailers are incomplete it
    /// stays at their start: they are handed over whole.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> Event {
        if phase == .data, offset < bytes.count { return takeData(bytes, at: &offset) }
        while offset < bytes.count {
            let byte = bytes[offset]
            switch phase {
            case .size:
                if let digit = byte.hexadecimalValue {
                    digits &+= 1
                    if digits > 16 || remaining >> 60 != 0 { return .invalid(.chunkTooLarge) }
                    remaining = remaining << 4 | UInt64(digit)
                } else {
                    guard digits > 0 else {
                        return .invalid(byte == UInt8(ascii: "\n") ? .bareLineFeed : .badChunkSize)
                    }
                    guard remaining <= UInt64(Int64.max) else { return .invalid(.chunkTooLarge) }
                    if byte == UInt8(ascii: "\r") {
                        phase = .sizeLineFeed
                    } else {
                        phase = .extensions
                        extensions = ChunkExtensions()
                        continue
                    }
                }
            case .extensions:
                switch extensions.accept(byte) {
                case .more:
                    extensionBytes &+= 1
                    if extensionBytes > Self.largestExtensions { return .invalid(.chunkExtensionsTooLong) }
                case .end: phase = .sizeLineFeed
                case .invalid:
                    return .invalid(byte == UInt8(ascii: "\n") ? .bareLineFeed : .badChunkExtension)
                }
            case .sizeLineFeed:
                guard byte == UInt8(ascii: "\n") else { return .invalid(.bareCarriageReturn) }
                digits = 0
                offset &+= 1
                if remaining == 0 {
                    phase = .trailers
                    trailers.begin(at: 0)
                    return takeTrailers(bytes, at: &offset)
                }
                phase = .data
                extensionBytes &-= min(extensionBytes, remaining >> 4)
                return offset < bytes.count ? takeData(bytes, at: &offset) : .needMore
            case .dataReturn:
                guard byte == UInt8(ascii: "\r") else { return .invalid(.badChunkEnd) }
                phase = .dataLineFeed
            case .dataLineFeed:
                guard byte == UInt8(ascii: "\n") else { return .invalid(.badChunkEnd) }
                phase = .size
            case .data: return takeData(bytes, at: &offset)
            case .trailers: return takeTrailers(bytes, at: &offset)
            case .done: return .end(trailers: offset..<offset)
            }
            offset &+= 1
        }
        return phase == .done ? .end(trailers: offset..<offset) : .needMore
    }

    private mutating func takeData(_ bytes: Span<UInt8>, at offset: inout Int) -> Event {
        let start = offset
        let count = min(UInt64(bytes.count &- start), remaining)
        offset = start &+ Int(count)
        remaining &-= count
        if remaining == 0 { phase = .dataReturn }
        return .data(start..<offset)
    }

    private mutating func takeTrailers(_ bytes: Span<UInt8>, at offset: inout Int) -> Event {
        let section = bytes.extracting(offset..<bytes.count)
        switch trailers.parse(
            section, headerBytes: Self.largestTrailers, headerCount: Self.mostTrailers, steering: false)
        {
        case .incomplete: return .needMore
        case .invalid(.headersTooLarge), .invalid(.tooManyFields): return .invalid(.trailersTooLarge)
        case .invalid(let fault): return .invalid(fault)
        case .complete:
            let start = offset
            offset &+= trailers.cursor
            phase = .done
            return .end(trailers: start..<(offset &- 2))
        }
    }
}
