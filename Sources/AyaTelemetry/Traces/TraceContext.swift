/// What a request says of the trace that it is part of.
package struct TraceContext: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64
    /// The caller's span.
    package var parent: UInt64
    /// The caller records it; nil when that is left to us.
    package var isSampled: Bool?
    /// The right seven bytes of the trace's id are as good as drawn (W3C Trace Context Level 2, section 3.2.2.3).
    package var isRandom: Bool

    package init(high: UInt64, low: UInt64, parent: UInt64, isSampled: Bool?, isRandom: Bool = false) {
        self.high = high
        self.low = low
        self.parent = parent
        self.isSampled = isSampled
        self.isRandom = isRandom
    }

    // MARK: W3C

    /// Reads `traceparent` (W3C Trace Context Level 2, section 3.2); nil for what is not valid, which then counts as
    /// absent.
    package init?(traceparent text: Span<UInt8>) {
        guard text.count >= 55, text[2] == Self.dash, text[35] == Self.dash, text[52] == Self.dash,
            let version = Hexadecimal.lower(text, 0..<2), version != 0xff,
            let high = Hexadecimal.lower(text, 3..<19), let low = Hexadecimal.lower(text, 19..<35),
            let parent = Hexadecimal.lower(text, 36..<52), let flags = Hexadecimal.lower(text, 53..<55)
        else { return nil }
        // A later version may say more behind another dash; this one may not.
        guard text.count == 55 || (version > 0 && text[55] == Self.dash) else { return nil }
        guard high | low != 0, parent != 0 else { return nil }
        self.init(high: high, low: low, parent: parent, isSampled: flags & 1 == 1, isRandom: flags & 2 == 2)
    }

    private static let dash = UInt8(ascii: "-")

    // MARK: B3

    /// Reads the single field `b3` (openzipkin/b3-propagation): `{trace}-{span}`, then perhaps the decision and the
    /// parent. A decision alone is no place in a trace.
    package init?(b3 text: Span<UInt8>) {
        var length = 0
        while length < text.count, text[length] != Self.dash { length += 1 }
        guard length < text.count, let id = Self.id(text, 0..<length), text.count >= length + 17,
            let span = Hexadecimal.any(text, length + 1..<length + 17), span != 0
        else { return nil }
        var sampled: Bool?
        let rest = length + 17
        if rest < text.count {
            guard text[rest] == Self.dash, rest + 1 < text.count else { return nil }
            sampled = Self.decision(text[rest + 1])
            guard sampled != nil else { return nil }
            let end = rest + 2
            if end < text.count {
                guard text[end] == Self.dash, text.count == end + 17,
                    Hexadecimal.any(text, end + 1..<end + 17) != nil
                else { return nil }
            }
        }
        self.init(high: id.high, low: id.low, parent: span, isSampled: sampled)
    }

    /// The same from the fields `X-B3-TraceId`, `X-B3-SpanId` and `X-B3-Sampled` or `X-B3-Flags`.
    package init?(b3Trace trace: Span<UInt8>, span: Span<UInt8>, isSampled: Bool?) {
        guard let id = Self.id(trace, 0..<trace.count), span.count == 16,
            let parent = Hexadecimal.any(span, 0..<16), parent != 0
        else { return nil }
        self.init(high: id.high, low: id.low, parent: parent, isSampled: isSampled)
    }

    /// `1`, `0`, or `d` for a trace that is wanted whatever the rate.
    package static func decision(_ byte: UInt8) -> Bool? {
        switch byte {
        case UInt8(ascii: "1"), UInt8(ascii: "d"): true
        case UInt8(ascii: "0"): false
        default: nil
        }
    }

    /// Sixteen digits or thirty-two.
    private static func id(_ text: Span<UInt8>, _ range: Range<Int>) -> (high: UInt64, low: UInt64)? {
        switch range.count {
        case 16:
            guard let low = Hexadecimal.any(text, range), low != 0 else { return nil }
            return (0, low)
        case 32:
            let middle = range.lowerBound + 16
            guard let high = Hexadecimal.any(text, range.lowerBound..<middle),
                let low = Hexadecimal.any(text, middle..<range.upperBound), high | low != 0
            else { return nil }
            return (high, low)
        default: return nil
        }
    }
}

/// Hexadecimal digits as numbers.
private enum Hexadecimal {
    /// W3C has lower case alone.
    static func lower(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        for index in range where (65...70).contains(text[index]) { return nil }
        return any(text, range)
    }

    static func any(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            let digit = text[index]
            switch digit {
            case 48...57: value = value << 4 | UInt64(digit &- 48)
            case 97...102: value = value << 4 | UInt64(digit &- 87)
            case 65...70: value = value << 4 | UInt64(digit &- 55)
            default: return nil
            }
        }
        return value
    }
}
