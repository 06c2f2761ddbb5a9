package import AyaCore

/// What every field of a head or trailer section has to keep to (RFC 9113 section 8.2).
///
/// Whatever passes can be written as an HTTP/1.1 field line and means the same there: no name with a colon or a line
/// end, no value that would begin another line. That is what makes smuggling by translation impossible.
enum FieldRules {
    /// Lower-case `tchar` alone (section 8.2.1).
    @inline(__always)
    static func isName(_ bytes: Span<UInt8>, _ name: Slice) -> Bool {
        let letters = ByteClass.lowerToken
        var at = Int(name.start)
        let end = Int(name.end)
        guard at < end, end <= bytes.count else { return false }
        while at < end {
            if !letters.contains(bytes[at]) { return false }
            at &+= 1
        }
        return true
    }

    /// No control bytes but tabs, and no white space at the ends.
    @inline(__always)
    static func isValue(_ bytes: Span<UInt8>, _ value: Slice) -> Bool {
        let start = Int(value.start)
        let end = Int(value.end)
        guard start < end, end <= bytes.count else { return start == end }
        if bytes[start].isOptionalWhitespace || bytes[end &- 1].isOptionalWhitespace { return false }
        return bytes.endOfValue(from: start, to: end) == end
    }

    /// A field that is no pseudo-header; nil when it may stand.
    @inline(__always)
    static func fault(_ field: Field, _ bytes: Span<UInt8>) -> HTTP2Fault? {
        guard isName(bytes, field.name) else { return malformed("a field name is empty, or not a lower-case token") }
        guard isValue(bytes, field.value) else {
            return malformed("a field value has a control byte, or white space at an end")
        }
        guard field.isHopByHop else { return nil }
        switch field.known {
        case .connection, .transferEncoding, .upgrade, .keepAlive, .proxyConnection:
            return malformed("a field is about a connection of HTTP/1")
        case .te where !bytes.extracting(field.value.range).equalsIgnoringCase("trailers"):
            return malformed("te is not trailers")
        default: return nil
        }
    }

    static func malformed(_ detail: StaticString) -> HTTP2Fault { HTTP2Fault(.protocolError, detail) }

    /// Digits alone, at most `Int64.max`; nil for anything else.
    static func length(_ bytes: Span<UInt8>, _ value: Slice) -> UInt64? {
        guard (1...19).contains(value.count), Int(value.end) <= bytes.count else { return nil }
        var length: UInt64 = 0
        for at in value.range {
            let digit = bytes[at] &- 48
            guard digit < 10 else { return nil }
            length = length &* 10 &+ UInt64(digit)
        }
        return length <= UInt64(Int64.max) ? length : nil
    }
}

extension ByteClass {
    /// `tchar` without capital letters.
    @inline(__always) static var lowerToken: ByteClass {
        ByteClass(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c000_0000)
    }
}

extension FieldBlock {
    /// Trailers as lines of a chunked body's end; nil when they are malformed (RFC 9113 section 8.1).
    package func writeTrailers(to out: Buffer) -> HTTP2Fault? {
        let text = unsafe bytes.unread.span
        for field in fields {
            if let fault = FieldRules.fault(field, text) { return fault }
            if field.known.isForbiddenInTrailers { continue }
            out.appendField(name: text.extracting(field.name.range), value: text.extracting(field.value.range))
        }
        return nil
    }
}
