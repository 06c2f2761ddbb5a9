package import AyaCore

/// An `http` or `https` URL (RFC 9110 section 4.2), in the parts that a call needs.
package struct HTTPAddress: Hashable, Sendable {
    package let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Path and query; begins with a slash.
    package let target: String

    /// Nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count < 2048, text.utf8.allSatisfy({ (33...126).contains($0) }) else { return nil }
        isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let tail = rest[end...].prefix { $0 != "#" }
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        var name = rest[..<end]
        var number: Substring = ""
        if name.hasPrefix("[") {
            guard let close = name.firstIndex(of: "]") else { return nil }
            number = name[name.index(after: close)...]
            name = name[..<close].dropFirst()
        } else if let colon = name.firstIndex(of: ":") {
            number = name[colon...]
            name = name[..<colon]
        }
        guard !name.isEmpty, !name.contains("@") else { return nil }
        host = String(name)
        if number.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard number.hasPrefix(":"), number.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
                let port = UInt16(number.dropFirst()), port > 0
            else { return nil }
            self.port = port
        }
    }

    private init(_ other: HTTPAddress, target: String) {
        (isSecure, host, port, self.target) = (other.isSecure, other.host, other.port, target)
    }

    /// With the path of an API behind its own, unless it ends with that already.
    package func adding(path: String) -> HTTPAddress {
        if target.hasSuffix(path) { return self }
        return HTTPAddress(self, target: (target.hasSuffix("/") ? String(target.dropLast()) : target) + path)
    }

    /// As the `Host` field has it.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var ip: IPAddress? { IPAddress(host) }
}
