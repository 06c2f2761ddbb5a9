internal import AyaCore

/// Version 1: one line of text, such as `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443`.
extension ProxyProtocol {
    /// With its CRLF.
    private static var longestLine: Int { 107 }

    static func parseLine(_ bytes: Span<UInt8>) throws(Fault) -> ProxyProtocol {
        guard let isComplete = matches(bytes, signature: [0x50, 0x52, 0x4f, 0x58, 0x59, 0x20]) else { return .absent }
        guard isComplete else { return .incomplete }
        var end = 6
        // The CR may be the last but one of the longest line.
        while end < bytes.count, end < longestLine &- 1, bytes[end] != UInt8(ascii: "\r") {
            // Printable ASCII alone: a bare LF or NUL is nobody's address.
            guard bytes[end] &- 0x20 < 0x5f else { throw .badLine }
            end &+= 1
        }
        guard end < longestLine &- 1 else { throw .lineTooLong }
        guard end &+ 1 < bytes.count else { return .incomplete }
        guard bytes[end &+ 1] == UInt8(ascii: "\n") else { throw .badLine }

        let words = Self.text(bytes.extracting(6..<end)).split(separator: " ", omittingEmptySubsequences: false)
        // Whatever follows UNKNOWN is to be ignored.
        if words[0] == "UNKNOWN" {
            return .header(source: nil, destination: nil, byteCount: end &+ 2, isLocal: false)
        }
        let family: IPAddress.Family
        switch words[0] {
        case "TCP4": family = .v4
        case "TCP6": family = .v6
        default: throw .badLine
        }
        guard words.count == 5, let source = IPAddress(words[1]), let destination = IPAddress(words[2]),
            source.family == family, destination.family == family, let sourcePort = port(words[3]),
            let destinationPort = port(words[4])
        else { throw .badLine }
        return .header(
            source: SocketAddress(ip: source.unmapped, port: sourcePort),
            destination: SocketAddress(ip: destination.unmapped, port: destinationPort),
            byteCount: end &+ 2, isLocal: false)
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        // Safe: the pointer does not leave the closure.
        unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Decimal without sign or leading zeros.
    private static func port(_ text: Substring) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != 48
        else { return nil }
        return UInt16(text)
    }
}
