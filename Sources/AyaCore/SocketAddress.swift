/// An IP address and a port.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package var ip: IPAddress
    package var port: UInt16

    @inlinable package init(ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// `127.0.0.1:80` or `[::1]:80`.
    package var description: String { ip.family == .v4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }

    /// Reads `127.0.0.1:80` and `[::1]:80`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let (host, port) = Self.split(text), let ip = IPAddress(host) else { return nil }
        self.init(ip: ip, port: port)
    }

    /// The host (brackets removed) and the port of `host:port`; nil when the port is missing or not a number up to
    /// 65535, or when an IPv6 address stands without brackets.
    package static func split(_ text: some StringProtocol) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = String(host.dropFirst().dropLast())
            return inner.contains(":") ? (inner, port) : nil
        }
        return host.contains(":") || host.contains("[") || host.contains("]") ? nil : (String(host), port)
    }
}

/// Where to listen or to connect.
package enum Endpoint: Hashable, Sendable, CustomStringConvertible {
    case address(SocketAddress)
    /// A name that is resolved when the configuration is applied.
    case name(String, port: UInt16)
    /// A path in the file system, or with a leading `@` in Linux' abstract namespace.
    case unix(path: String)

    package var description: String {
        switch self {
        case .address(let address): address.description
        case .name(let name, let port): "\(name):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
