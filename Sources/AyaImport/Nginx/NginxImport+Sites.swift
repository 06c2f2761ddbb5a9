extension NginxImport {
    /// A server with its locations.
    ///
    /// - Parameter defaults: the addresses at which it takes what no other server has a name for.
    mutating func read(_ site: NginxSite, defaults: Set<String>, isOnly: Bool) {
        let names = listeners(of: site)
        let all = Set(names)
        let asDefault = Set(zip(site.listens, names).filter { defaults.contains($0.0.bind) }.map(\.1))
        let hosts = hosts(of: site, isDefault: asDefault == all ? true : asDefault.isEmpty ? false : nil)
        guard !hosts.isEmpty else { return }
        let log = log(of: site)
        var routes: [PlannedRoute] = []
        let label = site.names.first.map { $0 == "_" ? "default" : $0 } ?? "default"
        routes += conditionals(site, label)
        if let action = serverAction(site) {
            routes.append(PlannedRoute(name: label, action: action.action, origin: action.origin))
            routes[routes.count - 1].comment = action.comment
        } else {
            routes += locations(site, label)
            let hasRoot = routes.contains { $0.match == PlannedRoute.Match() }
            // What a server has no location for is its own affair, not that of a server with a less exact name.
            if !hasRoot, !isOnly || site.block.contains(where: { $0.name == "root" }) {
                routes.append(
                    PlannedRoute(
                        name: "\(label)-rest", action: .respond(status: 404, headers: [], body: ""), origin: site.origin
                    ))
            }
        }
        guard plan.hasRoom(for: routes.count * hosts.count, findings, at: site.origin) else { return }
        // Conditions on the host that are narrower than the server's names keep theirs.
        for host in hosts {
            var own: [PlannedRoute] = []
            for var route in routes {
                if route.match.host != nil {
                    if host != hosts.first { continue }
                } else {
                    route.match.host = host
                }
                route.log = log
                // Without a host it stands for those that no server of an address names.
                route.listeners = host == nil ? asDefault : all
                own.append(route)
            }
            for var route in RouteOrdering.settle(own, findings) {
                if hosts.count > 1 { route.name = Self.name(route.name, host, label) }
                plan.routes.append(route)
            }
        }
    }

    private static func name(_ name: String, _ host: String?, _ label: String) -> String {
        guard let host, name.hasPrefix(label) else { return name }
        return host + name.dropFirst(label.utf8.count)
    }

    /// The hosts of a server; nil among them stands for every host that no other server names.
    ///
    /// - Parameter isDefault: at all of its addresses; nil: at some.
    private func hosts(of site: NginxSite, isDefault: Bool?) -> [String?] {
        let named = site.hosts(findings)
        guard let isDefault else { return named + [nil] }
        guard isDefault else {
            if named.isEmpty, site.names.allSatisfy({ $0 == "_" || $0.isEmpty }) {
                findings.lost(
                    "this server is never reached: it has no name, and another one is the default", at: site.origin)
            }
            return named
        }
        // A wildcard of another server would come before a route without host.
        let own = Set(site.names.map { $0.drop { $0 == "*" } })
        let covered = named.filter { host in
            var rest = host[...]
            while let dot = rest.firstIndex(of: ".") {
                if wildcardSuffixes.contains(rest[dot...]), !own.contains(rest[dot...]) { return true }
                rest = rest[rest.index(after: dot)...]
            }
            return false
        }
        return covered + [nil]
    }

    /// What `return` at the server's level does to every request.
    private mutating func serverAction(_ site: NginxSite) -> NginxAction? {
        for directive in site.block {
            if directive.name == "return" {
                return returned(directive, site.scope, serverName: site.names.first)
            }
            if directive.name == "rewrite", let redirect = rewritten(directive, site), redirect.match == nil {
                return redirect.action
            }
        }
        return nil
    }

    /// `if` and `rewrite` at the server's level, as far as they are routes.
    private mutating func conditionals(_ site: NginxSite, _ label: String) -> [PlannedRoute] {
        var routes: [PlannedRoute] = []
        for directive in site.block {
            if directive.name == "if", let block = directive.block {
                guard let match = NginxCondition.match(directive.arguments) else {
                    findings.lost(
                        "\(directive.shown): Aya's routes match exact values of host, method, header, cookie, "
                            + "query", at: directive.origin)
                    continue
                }
                guard let inner = block.first(where: { $0.name == "return" }),
                    let action = returned(inner, site.scope.inside(block), serverName: site.names.first)
                else {
                    findings.lost(
                        "\(directive.shown): only 'return' inside of 'if' can be carried over", at: directive.origin)
                    continue
                }
                var route = PlannedRoute(name: "\(label)-if", action: action.action, origin: directive.origin)
                switch match {
                case .fields(let fields): route.match = fields
                case .transport(let transport):
                    route.transport = transport
                    if transport == .plain { route.name = "\(label)-to-https" }
                }
                route.comment = action.comment
                routes.append(route)
            } else if directive.name == "rewrite" {
                guard let redirect = rewritten(directive, site) else {
                    findings.lost(
                        "\(directive.shown): Aya forwards paths as they come, and redirects whole paths",
                        at: directive.origin)
                    continue
                }
                for path in redirect.match ?? [] {
                    routes.append(
                        PlannedRoute(
                            name: "\(label)-moved", match: .init(path: path), action: redirect.action.action,
                            origin: directive.origin))
                }
            }
        }
        return routes
    }

    private mutating func locations(_ site: NginxSite, _ label: String) -> [PlannedRoute] {
        let locations = NginxLocation.all(in: site.block, site.scope)
        var routes: [PlannedRoute] = []
        let exact = Set(locations.filter { $0.kind == .exact }.map(\.pattern))
        let patterns = Set(locations.map(\.pattern))
        for location in NginxLocation.ordered(locations) {
            if location.kind == .named {
                let isUsed = locations.contains { other in
                    other.block.contains { $0.name == "try_files" && $0.arguments.last == location.pattern }
                }
                if !isUsed {
                    findings.lost(
                        "location \(location.pattern): Aya sends nothing on inside of itself", at: location.origin)
                }
                continue
            }
            if location.pattern.hasPrefix("/.well-known/acme-challenge") {
                findings.lost(
                    "location \(OneLine.short(location.pattern)): with 'tls: auto' Aya answers such challenges itself",
                    at: location.origin)
                continue
            }
            guard let paths = location.paths(findings), let actions = actions(of: location, site) else { continue }
            for action in actions {
                for path in paths {
                    var route = PlannedRoute(
                        name: Self.routeName(label, path), match: action.match, action: action.action,
                        origin: action.origin)
                    route.match.path = path
                    route.comment = action.comment
                    route.mirror = action.mirror
                    routes.append(route)
                    // nginx sends `/x` on to `/x/` when that location has a proxy behind it.
                    if case .below(let prefix) = path, case .prefix = location.kind, case .forward = action.action,
                        paths.count == 1, action.match == PlannedRoute.Match(),
                        !exact.contains(String(prefix.dropLast())),
                        !patterns.contains(String(prefix.dropLast()))
                    {
                        routes.append(
                            PlannedRoute(
                                name: Self.routeName(label, path) + "-slash",
                                match: .init(path: .exact(String(prefix.dropLast()))),
                                action: .redirect(to: "{path}/{query}", status: 301), origin: action.origin))
                    }
                }
            }
        }
        return routes
    }

    private static func routeName(_ label: String, _ path: PlannedRoute.Path?) -> String {
        switch path {
        case nil: label
        case .exact(let path): "\(label)-\(Names.cleaned(path))"
        case .below(let path): "\(label)-\(Names.cleaned(path))"
        }
    }
}
