internal import AyaConfig

/// Turns a Caddyfile into a plan: sites with their directives in Caddy's own order.
struct CaddyImport {
    var plan = Plan()
    let findings: Findings
    var options: [CaddyDirective] = []
    var listenerNames = Names()
    var poolNames = Names()
    /// Hosts of listeners with certificates that come by themselves.
    var securedHosts: Set<[String]> = []
    /// Listeners by address.
    var listeners: [String: Int] = [:]
    /// Pools by the text that made them.
    var pools: [String: String] = [:]

    static func plan(
        _ file: SourceFile, _ include: @escaping IncludeReader, _ findings: Findings
    ) throws(ImportSyntaxError) -> Plan {
        var parser = CaddyParser(include, findings)
        try parser.parse(file)
        var imports = CaddyImport(findings: findings)
        imports.options = parser.options
        imports.readOptions()
        for site in parser.sites { imports.read(site) }
        imports.readServers()
        imports.plan.routes = RouteOrdering.settleHosts(imports.plan.routes)
        return imports.plan
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func readOptions() {
        for option in options {
            switch option.name {
            case "email", "acme_ca", "local_certs", "auto_https", "http_port", "https_port", "servers", "debug",
                "order",
                "storage", "log", "default_sni", "skip_install_trust", "persist_config", "ocsp_stapling", "key_type",
                "grace_period", "shutdown_delay", "default_bind", "cert_lifetime", "renew_interval":
                if option.name == "grace_period", let time = option.argument(0).flatMap(Times.go) {
                    plan.grace = (min(time, Times.longest), option.origin)
                }
            case "admin":
                if option.argument(0) != "off" {
                    findings.differs("admin: Aya has an API of its own ('admin: { bind: … }')", at: option.origin)
                }
            default: findings.lost("\(option.shown): Aya has nothing for it", at: option.origin)
            }
        }
    }

    func option(_ name: String) -> CaddyDirective? { options.last { $0.name == name } }

    /// `servers { … }`: timeouts and trusted proxies of listeners.
    private mutating func readServers() {
        for servers in options where servers.name == "servers" {
            for line in servers.block {
                switch line.name {
                case "trusted_proxies":
                    var ranges = line.arguments.filter { $0 != "static" }
                    if ranges.contains("private_ranges") {
                        ranges.removeAll { $0 == "private_ranges" }
                        ranges += ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fd00::/8", "::1"]
                    }
                    for index in plan.listeners.indices { plan.listeners[index].trustedProxies = ranges }
                case "timeouts":
                    for index in plan.listeners.indices {
                        plan.listeners[index].headerTimeout = line.first("read_header")?.argument(0).flatMap(Times.go)
                        plan.listeners[index].bodyTimeout = line.first("read_body")?.argument(0).flatMap(Times.go)
                        plan.listeners[index].idleTimeout = line.first("idle")?.argument(0).flatMap(Times.go)
                    }
                case "listener_wrappers":
                    if line.first("proxy_protocol") != nil {
                        for index in plan.listeners.indices { plan.listeners[index].proxyProtocol = true }
                    }
                case "protocols", "max_header_size", "metrics", "trusted_proxies_strict", "client_ip_headers", "name",
                    "keepalive_interval", "log_credentials":
                    break
                default: findings.lost("\(line.shown): Aya has nothing for it", at: line.origin)
                }
            }
        }
    }

    // MARK: Sites

    private mutating func read(_ site: CaddyBlock) {
        var names: Set<String> = []
        var hosts: [String?] = []
        var known: Set<String?> = []
        for text in site.addresses {
            guard let address = CaddyAddress(text, httpPort: port("http_port", 80), httpsPort: port("https_port", 443))
            else {
                findings.lost("\(OneLine.short(text)): an address that Aya does not know", at: site.origin)
                continue
            }
            names.formUnion(listen(address, site))
            if known.insert(address.host).inserted { hosts.append(address.host) }
        }
        guard !names.isEmpty else { return }
        if hosts.contains(nil) { hosts = [nil] }
        let label = hosts.first.flatMap(\.self) ?? "default"
        var routes = terminals(site.body, site, label)
        if !routes.contains(where: { $0.match == PlannedRoute.Match() }) {
            // What no directive handles gets an empty answer from Caddy.
            routes.append(
                PlannedRoute(
                    name: "\(label)-rest", action: .respond(status: 200, headers: [], body: ""), origin: site.origin))
        }
        guard plan.hasRoom(for: routes.count * hosts.count, findings, at: site.origin) else { return }
        for host in hosts {
            let own = routes.compactMap { route -> PlannedRoute? in
                var route = route
                guard let match = PlannedRoute.Match(host: host).and(route.match) else { return nil }
                route.match = match
                route.listeners = names
                if let host, hosts.count > 1, route.name.hasPrefix(label) {
                    route.name = host + route.name.dropFirst(label.utf8.count)
                }
                return route
            }
            plan.routes += RouteOrdering.settle(own, findings)
        }
    }

    private func port(_ name: String, _ usual: Int) -> Int { option(name)?.argument(0).flatMap { Int($0) } ?? usual }
}

/// An address of a site: `example.com`, `http://example.com:8080`, `:443`.
struct CaddyAddress {
    var host: String?
    var port: Int
    var isTLS: Bool

    init?(_ text: String, httpPort: Int, httpsPort: Int) {
        var rest = text[...]
        var scheme: Bool?
        if rest.hasPrefix("http://") {
            scheme = false
            rest = rest.dropFirst(7)
        } else if rest.hasPrefix("https://") {
            scheme = true
            rest = rest.dropFirst(8)
        }
        rest = rest.prefix { $0 != "/" }
        var number: Int?
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            guard let stated = Int(rest[rest.index(after: colon)...]), (1...65535).contains(stated) else { return nil }
            number = stated
            rest = rest[..<colon]
        }
        let name = rest.lowercased()
        host = name.isEmpty || name == "0.0.0.0" ? nil : name
        isTLS = scheme ?? (number.map { $0 != httpPort } ?? true)
        // Only a host can have a certificate; a port alone is plain.
        if scheme == nil, host == nil { isTLS = number == httpsPort }
        port = number ?? (isTLS ? httpsPort : httpPort)
    }

    /// Names that no authority gives certificates for: Caddy has one of its own for them.
    var isLocal: Bool {
        guard let host else { return false }
        let isAddress =
            host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") } || host.hasPrefix("[")
        return isAddress || host == "localhost"
            || [".localhost", ".local", ".internal", ".home.arpa"].contains(where: host.hasSuffix)
    }
}
