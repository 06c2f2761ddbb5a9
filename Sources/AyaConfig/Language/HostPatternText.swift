internal import AyaCore

/// Reads `shop.example` and `*.shop.example`, in lower case.
enum HostPatternText {
    static func parse(_ text: String) throws(InvalidText) -> Blueprint.HostPattern {
        let shown = shortened(text)
        if text == "*" { throw InvalidText("'*' is no host (without 'host' every host matches)") }
        if text.contains("://") { throw InvalidText("a host, not a URL: '\(shown)'") }
        if text.hasPrefix("["), text.hasSuffix("]") {
            guard let ip = IPAddress(text.dropFirst().dropLast()), ip.family == .v6 else {
                throw InvalidText("'\(shown)' is not an IPv6 address in brackets")
            }
            return .exact("[\(ip)]")
        }
        if let colon = text.lastIndex(of: ":") {
            throw InvalidText("a host has no port (write '\(shortened(String(text[..<colon])))')")
        }
        if text.hasPrefix("*.") { return .anyBelow(try name(String(text.dropFirst(2)), in: text)) }
        guard !text.contains("*") else {
            throw InvalidText("'\(shown)': a '*' stands only in front, as in '*.shop.example'")
        }
        return .exact(try name(text, in: text))
    }

    /// A host name of labels and dots, in lower case and without a final dot (RFC 1123 section 2.1, with underscores,
    /// which internal names use).
    static func name(_ name: String, in text: String) throws(InvalidText) -> String {
        let shown = shortened(text)
        guard name.utf8.allSatisfy({ $0 < 128 }) else {
            throw InvalidText("'\(shown)' is not ASCII (write an international name in its 'xn--' form)")
        }
        let bare = name.hasSuffix(".") ? name.dropLast() : name[...]
        guard (1...253).contains(bare.utf8.count) else { throw InvalidText("'\(shown)' is not a host name") }
        for label in bare.split(separator: ".", omittingEmptySubsequences: false) {
            let isLabel = (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            guard isLabel, label.utf8.allSatisfy(isNameByte) else {
                throw InvalidText("'\(shown)' is not a host name")
            }
        }
        return bare.lowercased()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
