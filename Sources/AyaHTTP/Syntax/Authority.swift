/// `host [":" port]` (RFC 9110 section 4.2, RFC 3986 section 3.2), as a `Host` field or a request target has it.
enum Authority {
    /// Where the host ends and the port, if any, begins; 0 when the text in `start..<end` is no authority. User
    /// information is refused (RFC 9110 section 4.2.4), and so is an empty host.
    ///
    /// A host never ends at offset 0, because a method or a field name stands before it.
    static func endOfHost(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        guard start < end else { return 0 }
        var at = start
        if bytes[at] == UInt8(ascii: "[") {
            at &+= 1
            let literal = ByteClass.addressLiteral
            var colons = 0
            while at < end, literal.contains(bytes[at]) {
                if bytes[at] == UInt8(ascii: ":") { colons &+= 1 }
                at &+= 1
            }
            guard at < end, bytes[at] == UInt8(ascii: "]"), colons >= 2 else { return 0 }
            at &+= 1
        } else {
            let name = ByteClass.registeredName
            at = bytes.endOfPlainName(from: at, to: end)
            while at < end, name.contains(bytes[at]) { at &+= 1 }
            guard at > start else { return 0 }
        }
        let hostEnd = at
        guard at < end else { return hostEnd }
        guard bytes[at] == UInt8(ascii: ":"), end &- at <= 6 else { return 0 }
        at &+= 1
        var port = 0
        while at < end {
            let digit = bytes[at] &- 48
            guard digit < 10 else { return 0 }
            port = port &* 10 &+ Int(digit)
            at &+= 1
        }
        return port <= 65535 ? hostEnd : 0
    }
}
