/// Any bytes as the inside of a JSON string (RFC 8259 section 7), always valid UTF-8.
///
/// What clients send is not text until it is checked: control characters, quotes and backslashes are escaped, and what
/// is no UTF-8 (RFC 3629) becomes U+FFFD, one for each maximal part that could have begun a character.
enum JSONEscape {
    static func append(_ bytes: UnsafeBufferPointer<UInt8>, to sink: inout some ByteSink) {
        if unsafe isPlain(bytes.span.bytes) {
            unsafe sink.append(bytes)
        } else {
            unsafe escape(bytes, to: &sink)
        }
    }

    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, to sink: inout some ByteSink) {
        let span = unsafe bytes.span
        // Bytes from `start` on need no escape and are still to be written.
        var start = 0
        var index = 0
        while index < span.count {
            let byte = span[index]
            if byte >= 0x80 {
                let (length, isValid) = characterLength(span, at: index)
                if !isValid {
                    unsafe sink.append(part(bytes, start..<index))
                    sink.append("\u{FFFD}")
                    start = index &+ length
                }
                index &+= length
            } else if byte < 0x20 || byte == 0x22 || byte == 0x5c {
                unsafe sink.append(part(bytes, start..<index))
                appendEscape(byte, to: &sink)
                index &+= 1
                start = index
            } else {
                index &+= 1
            }
        }
        unsafe sink.append(part(bytes, start..<span.count))
    }

    static func append(_ text: String, to sink: inout some ByteSink) {
        var text = text
        text.withUTF8 { unsafe append($0, to: &sink) }
    }

    @inline(__always)
    private static func part(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: bytes[range])
    }

    /// Whether all bytes are printable ASCII that needs no escape, which is nearly always so.
    @inline(__always) private static func isPlain(_ bytes: RawSpan) -> Bool {
        let count = bytes.byteCount
        if count >= 8 {
            var index = 0
            while index < count &- 8 {
                // Safe: any eight bytes are a valid integer, and the load is bounds-checked.
                guard unsafe isPlain(bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)) else {
                    return false
                }
                index &+= 8
            }
            // The last eight, of which some may have been looked at.
            return unsafe isPlain(bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        }
        // Fewer than eight are gathered in a word of blanks.
        var word: UInt64 = 0x2020_2020_2020_2020
        for index in 0..<count {
            word = word << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return isPlain(word)
    }

    /// The same of eight bytes.
    @inline(__always) static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // A byte's high bit appears in `x - ones & ~x` when it is zero; in `x - 32 & ~x` when it is below 32.
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        let found =
            (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | word
        return found & (ones &* 0x80) == 0
    }

    private static func appendEscape(_ byte: UInt8, to sink: inout some ByteSink) {
        sink.append(0x5c)
        switch byte {
        case 0x22, 0x5c: sink.append(byte)
        case 0x08: sink.append(UInt8(ascii: "b"))
        case 0x09: sink.append(UInt8(ascii: "t"))
        case 0x0a: sink.append(UInt8(ascii: "n"))
        case 0x0c: sink.append(UInt8(ascii: "f"))
        case 0x0d: sink.append(UInt8(ascii: "r"))
        default:
            sink.append("u00")
            sink.append(hexadecimal(byte >> 4))
            sink.append(hexadecimal(byte & 15))
        }
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 &+ nibble : 87 &+ nibble }

    /// The length of the character at `index`, or of the part of one that is there (at least 1) when it is invalid.
    private static func characterLength(_ bytes: Span<UInt8>, at index: Int) -> (length: Int, isValid: Bool) {
        // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF.
        let (length, second): (Int, ClosedRange<UInt8>)
        switch bytes[index] {
        case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return (1, false)
        }
        for offset in 1..<length {
            let range = offset == 1 ? second : 0x80...0xbf
            guard index &+ offset < bytes.count, range.contains(bytes[index &+ offset]) else { return (offset, false) }
        }
        return (length, true)
    }
}
