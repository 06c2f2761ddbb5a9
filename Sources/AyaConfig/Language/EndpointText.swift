internal import AyaCore

/// Reads the written form of addresses: where to listen and where servers are.
enum EndpointText {
    /// `:8080` (every address, IPv6 and IPv4), `127.0.0.1:80`, `[::1]:80`, `unix:/path`, `unix:@abstract`.
    static func bind(_ text: String) throws(InvalidText) -> Endpoint {
        if let path = unixPath(text) { return try unix(path, text) }
        if text.hasPrefix(":"), !text.dropFirst().contains(":") {
            return .address(SocketAddress(ip: .anyV6, port: try port(text.dropFirst(), in: text)))
        }
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw InvalidText("'\(shortened(text))' has no colon (write ':\(shortened(text))' for every address)")
        }
        if text.hasPrefix("*:") {
            throw InvalidText("'\(shortened(text))' is not an address (every address is '\(text.dropFirst())')")
        }
        let (host, port) = try split(text)
        guard let ip = IPAddress(host) else {
            let hint = host.lowercased() == "localhost" ? " (write '127.0.0.1:\(port)')" : ""
            throw InvalidText("a listener takes an IP address, not the name '\(shortened(host))'\(hint)")
        }
        return .address(SocketAddress(ip: ip, port: port))
    }

    /// `127.0.0.1:9001`, `[::1]:9001`, `name:9001`, `unix:/path`, `unix:@abstract`.
    static func server(_ text: String) throws(InvalidText) -> Endpoint {
        if let path = unixPath(text) { return try unix(path, text) }
        if text.contains("://") {
            throw InvalidText("a server is an address, not a URL: '\(shortened(text))' (write 'host:port')")
        }
        let (host, port) = try split(text)
        if let ip = IPAddress(host) { return .address(SocketAddress(ip: ip, port: port)) }
        guard !host.isEmpty else {
            throw InvalidText("'\(shortened(text))' has no host (write '127.0.0.1:\(port)')")
        }
        let name = try HostPatternText.name(host, in: text)
        if let last = name.split(separator: ".").last, last.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw InvalidText("'\(shortened(host))' is neither an IPv4 address nor a name")
        }
        return .name(name, port: port)
    }

    private static func split(_ text: String) throws(InvalidText) -> (host: String, port: UInt16) {
        guard !text.isEmpty else { throw InvalidText("expected an address, found an empty text") }
        if IPAddress(text) != nil {
            let hint = text.contains(":") ? "[\(text)]:80" : "\(text):80"
            throw InvalidText("'\(text)' has no port (write '\(hint)')")
        }
        if !text.hasPrefix("["), text.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 {
            throw InvalidText("'\(shortened(text))': an IPv6 address stands in brackets, as in '[::1]:80'")
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw InvalidText("'\(shortened(text))' has no port (write '\(shortened(text)):80')")
        }
        let number = try port(text[text.index(after: colon)...], in: text)
        guard let (host, _) = SocketAddress.split(text) else {
            throw InvalidText("'\(shortened(text))' is not an address")
        }
        if text.hasPrefix("["), IPAddress(host) == nil {
            throw InvalidText("'\(shortened(host))' is not an IPv6 address")
        }
        return (host, number)
    }

    private static func port(_ digits: Substring, in text: String) throws(InvalidText) -> UInt16 {
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(digits), port > 0
        else {
            throw InvalidText(
                "'\(shortened(String(digits)))' is not a port from 1 to 65535 in '\(shortened(text))'")
        }
        return port
    }

    private static func unixPath(_ text: String) -> Substring? {
        text.hasPrefix("unix:") ? text.dropFirst(5) : nil
    }

    /// A path or, with `@`, a name in Linux' abstract namespace; 107 bytes is what `sockaddr_un` holds (unix(7)).
    private static func unix(_ path: Substring, _ text: String) throws(InvalidText) -> Endpoint {
        guard path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count > 1 else {
            throw InvalidText("'\(shortened(text))' is neither 'unix:/absolute/path' nor 'unix:@name'")
        }
        guard path.utf8.count <= 107 else {
            throw InvalidText("the path of a unix socket has at most 107 bytes, found \(path.utf8.count)")
        }
        guard !path.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw InvalidText("'\(shortened(text))' has a control character")
        }
        return .unix(path: String(path))
    }
}
