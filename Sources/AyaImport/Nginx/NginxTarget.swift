/// What a pool is made of: two locations that agree in it share the pool.
struct NginxTarget: Hashable {
    /// Nil when `proxy_pass` names an address.
    var upstream: String?
    /// `host:port` or `unix:/path`, as `proxy_pass` names it.
    var address: String
    var isTLS = false
    var serverProtocol: String?
    var connectTimeout: Int64?
    var responseTimeout: Int64?
    var nextUpstream: [String] = []
    var tries: Int?
    var verify: String?
    var sni: String?
    var clientCert: String?
    var clientKey: String?
    var proxyProtocol = false
    var health: [String] = []
}

/// The parts of the URL that `proxy_pass` takes.
struct NginxURL {
    var scheme: String
    /// A name, an address with or without port, or `unix:/path`.
    var host: String
    /// From the first slash on; nil when there is none, which forwards the path as it came.
    var path: String?

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = String(text[..<colon]).lowercased()
        guard ["http", "https", "grpc", "grpcs"].contains(name), text[colon...].hasPrefix("://") else { return nil }
        scheme = name
        let rest = text[colon...].dropFirst(3)
        if rest.hasPrefix("unix:") {
            let path = rest.dropFirst(5)
            let end = path.firstIndex(of: ":") ?? path.endIndex
            host = "unix:" + path[..<end]
            let uri = path[end...].dropFirst()
            self.path = uri.isEmpty ? nil : String(uri)
        } else {
            // `http://app$request_uri` is a host and a path.
            let end =
                rest.indices.first { rest[$0] == "/" || rest[$0] == "?" || rest[$0] == "$" && $0 > rest.startIndex }
                ?? rest.endIndex
            host = String(rest[..<end])
            let uri = rest[end...]
            path = uri.isEmpty ? nil : String(uri)
        }
        if host.isEmpty || host == "unix:" { return nil }
    }

    var isTLS: Bool { scheme == "https" || scheme == "grpcs" }

    /// With the port that the scheme stands for.
    static func address(_ host: String, isTLS: Bool) -> String {
        if host.hasPrefix("unix:") { return host }
        let hasPort = host.hasPrefix("[") ? host.contains("]:") : host.contains(":")
        return hasPort ? host : "\(host):\(isTLS ? 443 : 80)"
    }
}
