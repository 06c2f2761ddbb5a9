internal import AyaCore

/// An `https` URL (RFC 9110 section 4.2.2), in the parts that a call needs.
package struct HTTPSAddress: Hashable, Sendable {
    /// Without the brackets of an IPv6 address.
    package var host: String
    package var port: UInt16
    /// Path and query.
    package var target: String
    /// As it was written: signatures cover it.
    package var text: String

    /// Nil for anything else; authorities are spoken with over TLS alone (RFC 8555 section 6.1).
    package init?(_ text: String) {
        guard text.hasPrefix("https://"), text.utf8.count < 2048, text.utf8.allSatisfy({ (33...126).contains($0) })
        else { return nil }
        let rest = text.dropFirst("https://".count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { return nil }
        let tail = rest[end...].prefix { $0 != "#" }
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        self.text = text
        if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            guard let port = Self.port(authority[authority.index(after: close)...]) else { return nil }
            self.port = port
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<colon])
            guard let port = Self.port(authority[colon...]) else { return nil }
            self.port = port
        }
        guard !host.isEmpty else { return nil }
    }

    private static func port(_ text: Substring) -> UInt16? {
        if text.isEmpty { return 443 }
        guard text.hasPrefix(":"), text.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(text.dropFirst()), port > 0
        else { return nil }
        return port
    }

    /// As the `Host` field has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 443 ? name : "\(name):\(port)"
    }

    var ip: IPAddress? { IPAddress(host) }
}
