internal import AyaCore

/// An `https` URL (RFC 9110 section 4.2.2), in the parts that a call needs; or an `http` one, where that is what is
/// asked for.
package struct HTTPSAddress: Hashable, Sendable {
    /// Without the brackets of an IPv6 address.
    package var host: String
    package var port: UInt16
    /// Path and query.
    package var target: String
    /// As it was written: signatures cover it.
    package var text: String
    let isSecure: Bool

    /// Nil for anything else; authorities are spoken with over TLS alone (RFC 8555 section 6.1).
    package init?(_ text: String) { self.init(text, scheme: "https://", standardPort: 443) }

    /// Of a responder, whose answers are signed and may be had without TLS (RFC 5019 section 5).
    static func plain(_ text: String) -> HTTPSAddress? { HTTPSAddress(text, scheme: "http://", standardPort: 80) }

    private init?(_ text: String, scheme: String, standardPort: UInt16) {
        guard text.hasPrefix(scheme), text.utf8.count < 2048, text.utf8.allSatisfy({ (33...126).contains($0) })
        else { return nil }
        isSecure = standardPort == 443
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { return nil }
        let tail = rest[end...].prefix { $0 != "#" }
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        self.text = text
        if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            guard let port = Self.port(authority[authority.index(after: close)...], standardPort) else { return nil }
            self.port = port
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<colon])
            guard let port = Self.port(authority[colon...], standardPort) else { return nil }
            self.port = port
        }
        guard !host.isEmpty else { return nil }
    }

    private static func port(_ text: Substring, _ standard: UInt16) -> UInt16? {
        if text.isEmpty { return standard }
        guard text.hasPrefix(":"), text.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(text.dropFirst()), port > 0
        else { return nil }
        return port
    }

    /// As the `Host` field has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    var ip: IPAddress? { IPAddress(host) }
}
