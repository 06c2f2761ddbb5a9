package import AyaCore

/// Brings a path into one form before it is matched and forwarded (RFC 3986 section 6.2.2).
///
/// A route that guards `/admin` must see the `/admin` in `/x/%2e%2e/%61dmin`, and the server must get what was matched.
/// Escapes of unreserved characters are decoded, all others stay with upper-case digits: `%2F` is data, not a
/// separator. Dot segments are removed, literal or escaped. Empty segments stay; they can mean something.
package enum PathNormalizer {
    /// Appends the normalized path; it is never longer than the path itself. What was appended before a fault has to
    /// be dropped.
    package static func normalize(_ path: Span<UInt8>, into out: Buffer) -> MessageFault? {
        let base = out.end
        // Where the current segment begins in `out`.
        var segment = base
        var at = 0
        while at < path.count {
            let byte = path[at]
            if byte == UInt8(ascii: "/") {
                if !removeDots(out, from: base, &segment) {
                    out.append(byte)
                    segment = out.end
                }
                at &+= 1
            } else if byte == UInt8(ascii: "%") {
                guard at &+ 2 < path.count, let high = path[at &+ 1].hexadecimalValue,
                    let low = path[at &+ 2].hexadecimalValue
                else { return .badEscape }
                let decoded = high << 4 | low
                if decoded == 0 { return .badEscape }
                if isUnreserved(decoded) {
                    out.append(decoded)
                } else {
                    out.append(byte)
                    out.append(upperHexadecimal(high))
                    out.append(upperHexadecimal(low))
                }
                at &+= 3
            } else {
                out.append(byte)
                at &+= 1
            }
        }
        _ = removeDots(out, from: base, &segment)
        return out.overflowed ? .targetTooLong : nil
    }

    /// Takes a segment that is `.` or `..` away, the latter with its parent; false when it is neither. `out` then ends
    /// in the slash that the next segment follows.
    private static func removeDots(_ out: Buffer, from base: Int, _ segment: inout Int) -> Bool {
        let count = out.end - segment
        // A segment needs a slash before it; `.` alone is no path.
        guard count == 1 || count == 2, segment > base else { return false }
        let dots = unsafe out.bytes(segment..<out.end).span
        for index in 0..<count where dots[index] != UInt8(ascii: ".") { return false }
        if count == 2 {
            // Behind the slash before the parent; the root is its own parent.
            let before = unsafe out.bytes(base..<segment).span
            var start = before.count &- 1
            while start > 0, before[start &- 1] != UInt8(ascii: "/") { start &-= 1 }
            if start > 0 { segment = base + start }
        }
        out.truncate(to: segment)
        return true
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let folded = byte | 0x20
        return folded &- 97 < 26 && byte < 128 || byte.isASCIIDigit || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func upperHexadecimal(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 &+ nibble : 55 &+ nibble }
}
