/// A `server` block of nginx: where it listens and which names it answers to.
struct NginxSite {
    /// An address of a `listen` directive.
    struct Listen: Hashable {
        var bind: String
        var isTLS = false
        var isDefault = false
        var isUDP = false
        var proxyProtocol = false
        var origin: Origin
    }

    var directive: NginxDirective
    /// The server's own block is the innermost.
    var scope: NginxScope
    var listens: [Listen] = []
    /// In nginx's spelling.
    var names: [String] = []

    init(_ directive: NginxDirective, _ outside: NginxScope) {
        self.directive = directive
        let block = directive.block ?? []
        scope = outside.inside(block)
        let isTLS = block.contains { $0.name == "ssl" && $0.argument(0) == "on" }
        for entry in block where entry.name == "listen" {
            for var listen in Self.listen(entry) {
                listen.isTLS = listen.isTLS || isTLS
                listens.append(listen)
            }
        }
        if listens.isEmpty { listens = [Listen(bind: "0.0.0.0:80", isTLS: isTLS, origin: directive.origin)] }
        names = block.filter { $0.name == "server_name" }.flatMap(\.arguments)
    }

    var origin: Origin { directive.origin }
    var block: [NginxDirective] { directive.block ?? [] }

    private static func listen(_ directive: NginxDirective) -> [Listen] {
        guard let address = directive.argument(0) else { return [] }
        let options = directive.arguments.dropFirst()
        // `quic` beside another `listen` of the same port is HTTP/3.
        if options.contains("quic") { return [] }
        var listen = Listen(bind: Self.bind(address), origin: directive.origin)
        listen.isTLS = options.contains("ssl")
        listen.isDefault = options.contains("default_server") || options.contains("default")
        listen.isUDP = options.contains("udp")
        listen.proxyProtocol = options.contains("proxy_protocol")
        if address.hasPrefix("[::]"), options.contains("ipv6only=off") {
            listen.bind = ":" + (listen.bind.split(separator: ":").last ?? "80")
        }
        return [listen]
    }

    /// `80`, `*:80`, `127.0.0.1`, `[::]:80`, `unix:/run/x.sock` in Aya's spelling.
    private static func bind(_ address: String) -> String {
        if address.hasPrefix("unix:") { return address }
        if address.utf8.allSatisfy({ (48...57).contains($0) }) { return "0.0.0.0:\(address)" }
        if address.hasPrefix("*:") { return "0.0.0.0:\(address.dropFirst(2))" }
        if address.hasPrefix("localhost:") { return "127.0.0.1:\(address.dropFirst(10))" }
        if address == "localhost" { return "127.0.0.1:80" }
        let hasPort = address.hasPrefix("[") ? address.contains("]:") : address.contains(":")
        return hasPort ? address : "\(address):80"
    }

    /// By address, the server that takes what no other server there has a name for: one that says so, or the first.
    static func defaults(_ sites: [NginxSite]) -> [String: Int] {
        var chosen: [String: Int] = [:]
        var stated: Set<String> = []
        for (index, site) in sites.enumerated() {
            for listen in site.listens {
                if listen.isDefault, stated.insert(listen.bind).inserted {
                    chosen[listen.bind] = index
                } else if chosen[listen.bind] == nil {
                    chosen[listen.bind] = index
                }
            }
        }
        return chosen
    }

    /// Its names as Aya's hosts; those that can't be are said.
    func hosts(_ findings: Findings) -> [String] {
        var hosts: [String] = []
        var known: Set<String> = []
        func add(_ host: String) { if known.insert(host).inserted { hosts.append(host) } }
        for name in names {
            // By convention a name that nobody asks for.
            if name == "_" || name.isEmpty || name == "$hostname" { continue }
            if name.hasPrefix("~") {
                if let found = PathExpression.hosts(String(name.dropFirst())) {
                    found.forEach(add)
                } else {
                    findings.lost(
                        "server_name \(OneLine.short(name)): Aya's hosts are exact or '*.' and a suffix, not expressions",
                        at: origin)
                }
            } else if name.hasPrefix(".") {
                add(String(name.dropFirst()).lowercased())
                add("*" + name.lowercased())
            } else if name.hasSuffix(".*") || name.dropFirst().contains("*") {
                findings.lost(
                    "server_name \(OneLine.short(name)): a '*' stands only in front of a host; name the hosts one by one",
                    at: origin)
            } else {
                add(name.lowercased())
            }
        }
        return hosts
    }
}
