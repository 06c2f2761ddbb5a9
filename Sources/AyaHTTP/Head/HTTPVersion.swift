/// `HTTP/1.0` or `HTTP/1.1` (RFC 9112 section 2.3), read byte by byte: the way of everything but the common case.
enum HTTPVersion {
    case incomplete
    case invalid(MessageFault)
    case version(minor: UInt8)

    static func parse(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> HTTPVersion {
        for offset in 0..<8 {
            let at = start &+ offset
            guard at < end else { return .incomplete }
            let isExpected =
                switch offset {
                case 0: bytes[at] == UInt8(ascii: "H")
                case 1, 2: bytes[at] == UInt8(ascii: "T")
                case 3: bytes[at] == UInt8(ascii: "P")
                case 4: bytes[at] == UInt8(ascii: "/")
                case 6: bytes[at] == UInt8(ascii: ".")
                default: bytes[at].isASCIIDigit
                }
            if !isExpected {
                let isLineFeed = bytes[at] == UInt8(ascii: "\n")
                return .invalid(isLineFeed ? .bareLineFeed : .badVersion)
            }
        }
        let minor = bytes[start &+ 7] &- 48
        guard bytes[start &+ 5] == UInt8(ascii: "1"), minor <= 1 else { return .invalid(.unsupportedVersion) }
        return .version(minor: minor)
    }
}
