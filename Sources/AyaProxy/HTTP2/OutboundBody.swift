internal import AyaCore
internal import AyaHTTP

/// A body that is written as HTTP/1.1 and leaves as frames: what of the next bytes is payload, and where it ends.
enum OutboundBody {
    /// Nothing more may come.
    case none
    case length(UInt64)
    case chunked(ChunkedDecoder)
    /// Everything until the writer ends.
    case tunnel

    init(_ framing: BodyFraming) {
        switch framing {
        case .none: self = .none
        case .length(let length): self = length == 0 ? .none : .length(length)
        case .chunked: self = .chunked(ChunkedDecoder())
        case .untilClose: self = .tunnel
        }
    }

    enum Step {
        /// These bytes are payload; `ends`: the last of it. `consumed` of the input are done with.
        case payload(Range<Int>, consumed: Int, ends: Bool)
        /// No payload among them.
        case consumed(Int)
        /// The body is over; trailers as field lines.
        case end(trailers: Range<Int>, consumed: Int)
        /// Payload is next, and none may go.
        case blocked
        case invalid
    }

    /// The next of `bytes`, with at most `allowance` of payload.
    mutating func next(_ bytes: Span<UInt8>, allowance: Int) -> Step {
        switch self {
        case .none: return .invalid
        case .length(let rest):
            if allowance <= 0 { return .blocked }
            let count = Int(clamping: min(UInt64(min(bytes.count, allowance)), rest))
            let left = rest &- UInt64(count)
            self = left == 0 ? .none : .length(left)
            return .payload(0..<count, consumed: count, ends: left == 0)
        case .tunnel:
            if allowance <= 0 { return .blocked }
            let count = min(bytes.count, allowance)
            return .payload(0..<count, consumed: count, ends: false)
        case .chunked(var decoder):
            let step = Self.decode(bytes, &decoder, allowance: allowance)
            switch step {
            case .end, .payload(_, _, ends: true): self = .none
            case .payload, .consumed, .blocked, .invalid: self = .chunked(decoder)
            }
            return step
        }
    }

    private static func decode(_ bytes: Span<UInt8>, _ decoder: inout ChunkedDecoder, allowance: Int) -> Step {
        let isInPayload = decoder.remainingInChunk > 0
        if isInPayload, allowance <= 0 { return .blocked }
        // A chunk's line is looked at by itself, so that the decoder does not go on into payload that may not go.
        var window = isInPayload ? min(bytes.count, allowance) : lineEnd(bytes)
        while true {
            var offset = 0
            switch decoder.next(bytes.extracting(first: window), at: &offset) {
            case .data(let range):
                let isLast = decoder.remainingInChunk == 0 && isTail(bytes, at: offset)
                return .payload(range, consumed: isLast ? offset &+ tailCount : offset, ends: isLast)
            case .end(let trailers): return .end(trailers: trailers, consumed: offset)
            case .invalid: return .invalid
            case .needMore:
                if offset > 0 || window == bytes.count { return offset > 0 ? .consumed(offset) : .invalid }
                // Trailers are taken whole.
                window = bytes.count
            }
        }
    }

    private static func lineEnd(_ bytes: Span<UInt8>) -> Int {
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "\n") { return index &+ 1 }
        return bytes.count
    }

    private static var tailCount: Int { 7 }

    /// The end of the chunk, and the last one without trailers: then the payload's frame is the stream's last.
    private static func isTail(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard bytes.count &- start >= tailCount else { return false }
        let tail: StaticString = "\r\n0\r\n\r\n"
        for index in 0..<tailCount {
            let expected = unsafe tail.utf8Start[index]
            if bytes[start &+ index] != expected { return false }
        }
        return true
    }
}
