extension NginxImport {
    /// `proxy_pass` and `grpc_pass`.
    mutating func forwards(_ directive: NginxDirective, _ location: NginxLocation, _ site: NginxSite) -> [NginxAction] {
        let scope = location.scope
        let text = scope.resolved(directive.argument(0) ?? "")
        let mirror = mirror(of: location, site)
        checkHeaders(location, site, directive)
        func unknown() -> [NginxAction] {
            findings.lost("\(directive.shown): the server is not fixed; write a pool", at: directive.origin)
            return [
                NginxAction(
                    action: .respond(status: 502, headers: [], body: ""), origin: directive.origin,
                    comment: "Was '\(directive.shown)'.")
            ]
        }
        let spelt = directive.name == "grpc_pass" && !text.contains("://") ? "grpc://" + text : text
        // `$name` alone, where the map gives whole URLs.
        if spelt.hasPrefix("$"), case .variable(let name)? = NginxText.parts(of: spelt).first {
            return chosen(by: name, directive, location) ?? unknown()
        }
        guard let url = NginxURL(spelt) else { return unknown() }
        if url.host.hasPrefix("$") {
            return chosen(by: String(url.host.dropFirst()), directive, location, url) ?? unknown()
        }
        if url.host.contains("$") { return unknown() }
        checkPath(url, directive, location)
        let name = pool(of: target(url, url.host, directive, scope), origin: directive.origin)
        return [NginxAction(action: PlannedRoute.pool(name), mirror: mirror, origin: directive.origin)]
    }

    private static let retryConditions: Set<String> = [
        "off", "error", "timeout", "invalid_header", "http_500", "http_502", "http_503", "http_504",
    ]

    /// What a pool has to be, from the URL and what holds at its place.
    func target(_ url: NginxURL, _ host: String, _ directive: NginxDirective, _ scope: NginxScope) -> NginxTarget {
        let prefix = directive.name == "grpc_pass" ? "grpc" : "proxy"
        var target = NginxTarget(address: host)
        if upstreams[host] != nil { target.upstream = host }
        target.isTLS = url.isTLS
        if prefix == "grpc" { target.serverProtocol = "grpc" }
        target.connectTimeout = scope.milliseconds("\(prefix)_connect_timeout")
        let reading = scope.milliseconds("\(prefix)_read_timeout") ?? 60_000
        target.responseTimeout = max(reading, scope.milliseconds("\(prefix)_send_timeout") ?? 0)
        if let next = scope.directive("\(prefix)_next_upstream") {
            target.nextUpstream = next.arguments
            for condition in next.arguments where !Self.retryConditions.contains(condition) {
                findings.lost("\(next.name) \(OneLine.short(condition))", at: next.origin)
            }
        }
        target.tries = scope.value("\(prefix)_next_upstream_tries").flatMap { Int($0) }
        if target.tries != nil, target.nextUpstream.isEmpty { target.nextUpstream = ["error", "timeout"] }
        if target.isTLS {
            let verifies = scope.value("\(prefix)_ssl_verify") == "on"
            target.verify = verifies ? scope.value("\(prefix)_ssl_trusted_certificate") : "insecure"
            let name = scope.value("\(prefix)_ssl_name").flatMap { $0.contains("$") ? nil : $0 }
            target.sni = name
            target.clientCert = scope.value("\(prefix)_ssl_certificate")
            target.clientKey = scope.value("\(prefix)_ssl_certificate_key")
        }
        if let check = scope.directive("health_check") { target.health = check.arguments + ["type=http"] }
        return target
    }

    /// A URI behind the server replaces what the location matched.
    private func checkPath(_ url: NginxURL, _ directive: NginxDirective, _ location: NginxLocation) {
        guard let path = url.path else { return }
        switch location.kind {
        case .prefix, .exact:
            if path == location.pattern { return }
            findings.lost(
                "\(directive.shown): '\(OneLine.short(location.pattern))' was replaced by '\(OneLine.short(path))'; Aya "
                    + "forwards paths as they come, so the servers have to answer to the whole path",
                at: directive.origin)
        case .expression, .named:
            if path == "$request_uri" { return }
            findings.lost("\(directive.shown): Aya forwards paths as they come", at: directive.origin)
        }
    }

    /// `proxy_pass http://$name`, where `map` or `split_clients` makes the variable.
    private mutating func chosen(
        by variable: String, _ directive: NginxDirective, _ location: NginxLocation, _ url: NginxURL? = nil
    ) -> [NginxAction]? {
        guard let map = maps[variable], let block = map.block else { return nil }
        if let url { checkPath(url, directive, location) }
        if map.name == "split_clients" { return url.flatMap { split(block, $0, directive, location) } }
        guard let key = map.argument(0) else { return nil }
        var actions: [NginxAction] = []
        // The default is what is left.
        for entry in block.filter({ $0.name != "default" }) + block.filter({ $0.name == "default" }) {
            guard let host = entry.argument(0), !["hostnames", "volatile", "include"].contains(entry.name) else {
                continue
            }
            var match = PlannedRoute.Match()
            if entry.name != "default" {
                let words = ["(\(key)", entry.name.hasPrefix("~") ? "~" : "=", Self.unsigned(entry.name) + ")"]
                guard case .fields(let fields)? = NginxCondition.match(words) else {
                    findings.lost(
                        "map \(key): '\(OneLine.short(entry.name))' can't be a route's match", at: entry.origin)
                    continue
                }
                match = fields
            }
            guard let own = NginxURL(host) ?? url, !host.contains("$") else {
                findings.lost("map \(key): '\(OneLine.short(host))' is not a server", at: entry.origin)
                continue
            }
            let value = host.contains("://") ? own.host : host
            let name = pool(of: target(own, value, directive, location.scope), origin: entry.origin)
            actions.append(NginxAction(action: PlannedRoute.pool(name), match: match, origin: entry.origin))
        }
        return actions.isEmpty ? nil : actions
    }

    private static func unsigned(_ pattern: String) -> String {
        String(pattern.drop { $0 == "~" || $0 == "*" || $0 == "\\" })
    }

    /// Shares of clients: weights of a split.
    private mutating func split(
        _ block: [NginxDirective], _ url: NginxURL, _ directive: NginxDirective, _ location: NginxLocation
    ) -> [NginxAction]? {
        var shares: [PlannedRoute.Share] = []
        var rest = 10_000
        for entry in block {
            guard let host = entry.argument(0), !host.isEmpty, !host.contains("$") else { return nil }
            var weight = rest
            if entry.name != "*" {
                let digits = entry.name.hasSuffix("%") ? String(entry.name.dropLast()) : ""
                guard let share = Double(digits), share.isFinite, share >= 0, share <= 100 else { return nil }
                weight = Int((share * 100).rounded())
                rest = max(0, rest - weight)
            }
            let name = pool(of: target(url, host, directive, location.scope), origin: entry.origin)
            if let known = shares.firstIndex(where: { $0.pool == name }) {
                shares[known].weight += weight
            } else {
                shares.append(.init(pool: name, weight: weight))
            }
        }
        guard !shares.isEmpty else { return nil }
        let divisor = [100, 50, 10].first { step in shares.allSatisfy { $0.weight % step == 0 } } ?? 1
        for index in shares.indices { shares[index].weight /= divisor }
        findings.differs(
            "split_clients: Aya splits requests, not clients; give the pools 'persistence' where a client must stay",
            at: directive.origin)
        return [NginxAction(action: .forward(shares), origin: directive.origin)]
    }

    /// `mirror /path`: the pool of that location.
    private mutating func mirror(of location: NginxLocation, _ site: NginxSite) -> (pool: String, share: Double)? {
        guard let directive = location.scope.directive("mirror"), let path = directive.argument(0), path != "off" else {
            return nil
        }
        let locations = NginxLocation.all(in: site.block, site.scope)
        let target = locations.first { $0.pattern == path }
        guard let target, let pass = target.block.first(where: { $0.name == "proxy_pass" }),
            let url = NginxURL(target.scope.resolved(pass.argument(0) ?? "")), !url.host.contains("$")
        else {
            findings.lost("\(directive.shown): its location has no fixed server", at: directive.origin)
            return nil
        }
        return (pool(of: self.target(url, url.host, pass, target.scope), origin: pass.origin), 1)
    }

    /// Header fields for servers: the usual ones Aya sets by itself.
    private mutating func checkHeaders(_ location: NginxLocation, _ site: NginxSite, _ directive: NginxDirective) {
        let fields = location.scope.list(directive.name == "grpc_pass" ? "grpc_set_header" : "proxy_set_header")
        for field in fields {
            guard let name = field.argument(0)?.lowercased(), let value = field.argument(1) else { continue }
            if Self.isSetByAya(name, value) { continue }
            if name == "x-real-ip" {
                findings.differs(
                    "proxy_set_header X-Real-IP: servers find the client's address in X-Forwarded-For", at: field.origin
                )
            } else {
                findings.lost("\(field.shown): Aya sets no such header for servers", at: field.origin)
            }
        }
        let hasHost = fields.contains { $0.argument(0)?.lowercased() == "host" }
        if !hasHost, directive.name == "proxy_pass", hostNotes.insert(site.origin).inserted {
            findings.differs(
                "without 'proxy_set_header Host', nginx sends servers the name behind proxy_pass; Aya sends the client's Host",
                at: directive.origin)
        }
        for field in location.scope.list("add_header") where field.argument(0) != nil {
            findings.lost("\(field.shown): Aya adds no headers to the answers of servers", at: field.origin)
        }
    }

    private static func isSetByAya(_ name: String, _ value: String) -> Bool {
        switch name {
        case "host": ["$host", "$http_host", "$host:$server_port", "$server_name"].contains(value)
        case "x-forwarded-for": ["$proxy_add_x_forwarded_for", "$remote_addr"].contains(value)
        case "x-forwarded-proto", "x-forwarded-scheme", "x-scheme": value == "$scheme" && name == "x-forwarded-proto"
        case "x-forwarded-host": ["$host", "$http_host"].contains(value)
        case "x-forwarded-port": value == "$server_port"
        case "x-request-id": value == "$request_id"
        case "upgrade": value == "$http_upgrade"
        case "connection": true
        case "accept-encoding": value == "$http_accept_encoding"
        case "x-forwarded-server": false
        default: false
        }
    }
}
