extension NginxImport {
    /// Layer 4: each server is a listener with its pool, or with pools by the name in the ClientHello.
    mutating func readStream(_ block: [NginxDirective], _ main: NginxScope) {
        readContext(block)
        let scope = main.inside(block)
        for directive in block where directive.name == "server" {
            readStream(NginxSite(directive, scope))
        }
    }

    private mutating func readStream(_ site: NginxSite) {
        let scope = site.scope
        if let rule = scope.directive("deny") {
            findings.lost("deny: Aya has no lists of clients; the listener is left out", at: rule.origin)
            return
        }
        guard let pass = site.block.first(where: { $0.name == "proxy_pass" }), let text = pass.argument(0) else {
            let other = site.block.first { $0.name == "return" || $0.name == "pass" }
            findings.lost(
                "a stream server without proxy_pass: Aya's tcp and udp listeners have a pool",
                at: other?.origin ?? site.origin)
            return
        }
        let resolved = scope.resolved(text)
        var fallback: String?
        var rules: [PlannedListener.SNIRule] = []
        if resolved.hasPrefix("$") {
            guard let map = maps[String(resolved.dropFirst())], map.argument(0) == "$ssl_preread_server_name" else {
                findings.lost(
                    "\(pass.shown): only a map of $ssl_preread_server_name can choose the pool", at: pass.origin)
                return
            }
            for entry in map.block ?? [] {
                guard let host = entry.argument(0), !["hostnames", "volatile"].contains(entry.name) else { continue }
                let name = pool(of: streamTarget(host, scope), origin: entry.origin)
                if entry.name == "default" {
                    fallback = name
                } else if let hosts = Self.sniHosts(entry.name) {
                    rules += hosts.map { .init(host: $0, pool: name) }
                } else {
                    findings.lost(
                        "map: '\(OneLine.short(entry.name))' is no host that 'sni' can name", at: entry.origin)
                }
            }
        } else {
            fallback = pool(of: streamTarget(resolved, scope), origin: pass.origin)
        }
        for listen in site.listens { addStream(listen, fallback, rules, site) }
    }

    private static func sniHosts(_ name: String) -> [String]? {
        if name.hasPrefix("~") { return PathExpression.hosts(String(name.drop { $0 == "~" || $0 == "*" })) }
        if name.hasPrefix(".") { return [String(name.dropFirst()), "*" + name] }
        return [name]
    }

    private func streamTarget(_ host: String, _ scope: NginxScope) -> NginxTarget {
        var target = NginxTarget(address: host)
        if upstreams[host] != nil { target.upstream = host }
        target.connectTimeout = scope.milliseconds("proxy_connect_timeout")
        target.proxyProtocol = scope.value("proxy_protocol") == "on"
        if scope.value("proxy_ssl") == "on" {
            target.isTLS = true
            let verifies = scope.value("proxy_ssl_verify") == "on"
            target.verify = verifies ? scope.value("proxy_ssl_trusted_certificate") : "insecure"
            target.sni = scope.value("proxy_ssl_name").flatMap { $0.contains("$") ? nil : $0 }
            target.clientCert = scope.value("proxy_ssl_certificate")
            target.clientKey = scope.value("proxy_ssl_certificate_key")
        }
        if let check = scope.directive("health_check") { target.health = check.arguments + ["type=tcp"] }
        return target
    }

    private mutating func addStream(
        _ listen: NginxSite.Listen, _ fallback: String?, _ rules: [PlannedListener.SNIRule], _ site: NginxSite
    ) {
        let port = listen.bind.split(separator: ":").last.map(String.init) ?? ""
        let name = listenerNames.unique("\(listen.isUDP ? "udp" : "tcp")-\(port)")
        var listener = PlannedListener(name: name, bind: listen.bind, origin: listen.origin)
        if listen.isUDP {
            guard let fallback else { return }
            listener.kind = .udp(pool: fallback)
            if let responses = site.scope.directive("proxy_responses") {
                findings.differs("proxy_responses: Aya ends a flow after 'idle' without traffic", at: responses.origin)
            }
        } else {
            listener.kind = .tcp(pool: fallback, sni: rules)
            listener.proxyProtocol = listen.proxyProtocol
        }
        listener.idleTimeout = site.scope.milliseconds("proxy_timeout") ?? 600_000
        for limit in site.scope.list("limit_conn") {
            if let zone = limit.argument(0), addressZones.contains(zone) {
                listener.connectionsPerClient = limit.argument(1).flatMap { Int($0) }
            }
        }
        plan.listeners.append(listener)
        if listen.isTLS { addTLS(plan.listeners.count - 1, site) }
        if let preread = site.scope.directive("ssl_preread"), preread.argument(0) == "on", rules.isEmpty {
            findings.differs("ssl_preread on: nothing goes by the name, so Aya does not look at it", at: preread.origin)
        }
    }
}
