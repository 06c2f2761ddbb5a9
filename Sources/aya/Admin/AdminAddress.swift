internal import AyaCore

/// Where the admin listener of a running Aya is reached.
enum AdminAddress: Equatable, CustomStringConvertible {
    case tcp(host: String, port: UInt16)
    case tls(host: String, port: UInt16)
    case unix(path: String)

    /// `http://127.0.0.1:9900`, `127.0.0.1:9900`, `:9900`, `https://aya.internal:9443`, `unix:/run/aya.sock`.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
            self = .unix(path: String(path))
            return
        }
        var authority = text[...]
        let isSecure = authority.hasPrefix("https://")
        for scheme in ["http://", "https://"] where authority.hasPrefix(scheme) {
            authority = authority.dropFirst(scheme.count)
        }
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard let (host, port) = SocketAddress.split(authority), port > 0 else { return nil }
        let named = host.isEmpty ? "127.0.0.1" : host
        self = isSecure ? .tls(host: named, port: port) : .tcp(host: named, port: port)
    }

    /// Where a configured listener is reached from the same machine: one that listens everywhere, at the loopback.
    init(_ bind: Endpoint) {
        switch bind {
        case .address(let address):
            let isAny = address.ip == .anyV6 || address.ip == .anyV4
            self = .tcp(host: isAny ? "127.0.0.1" : "\(address.ip)", port: address.port)
        case .name(let name, let port): self = .tcp(host: name, port: port)
        case .unix(let path): self = .unix(path: path)
        }
    }

    var description: String {
        switch self {
        case .tcp(let host, let port): "http://\(Self.authority(host, port))"
        case .tls(let host, let port): "https://\(Self.authority(host, port))"
        case .unix(let path): "unix:\(path)"
        }
    }

    private static func authority(_ host: String, _ port: UInt16) -> String {
        "\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
