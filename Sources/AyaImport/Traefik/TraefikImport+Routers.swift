extension TraefikImport {
    /// HTTP routers in the order in which Traefik tries them: by priority, else by the length of the rule.
    mutating func readHTTP() {
        var routes: [(priority: Int, routes: [PlannedRoute])] = []
        for (name, router) in all("http", "routers") {
            guard let rule = router["rule"]?.text else { continue }
            let origin = router.origin(of: "rule")
            let read = TraefikRule(rule, findings, origin)
            if let reason = read.unsayable {
                findings.lost("router \(OneLine.short(name)): routes can't tell \(reason)", at: origin)
            }
            let listeners = listeners(of: router, isHTTP: true)
            guard !listeners.isEmpty, let action = action(of: router, name) else { continue }
            let own = read.matches.map { match -> PlannedRoute in
                var route = PlannedRoute(name: name, match: match, action: action.action, origin: router.origin)
                route.listeners = listeners
                route.comment = action.comment
                route.mirror = action.mirror
                if action.isUpgrade { route.transport = .plain }
                return route
            }
            routes.append((router["priority"]?.integer.flatMap { $0 > 0 ? $0 : nil } ?? rule.utf8.count, own))
        }
        let order = routes.indices.sorted { left, right in
            routes[left].priority != routes[right].priority
                ? routes[left].priority > routes[right].priority : left < right
        }
        plan.routes += RouteOrdering.settle(order.flatMap { routes[$0].routes }, findings)
    }

    /// The listeners of a router, which get TLS where the router has it.
    private mutating func listeners(of router: ForeignValue, isHTTP: Bool) -> Set<String> {
        var points = router["entryPoints"]?.texts ?? []
        if points.isEmpty {
            // Without a name it is all of them; those with TLS where the router has it.
            points = entryPoints.keys.sorted().filter { name in
                plan.listeners.contains { listener in
                    guard listener.name == entryPoints[name], listener.kind == .http else { return false }
                    return entryPoints.count == 1 || router["tls"] == nil || !listener.bind.hasSuffix(":80")
                }
            }
        }
        var names: Set<String> = []
        for point in points {
            guard let name = entryPoints[point], let index = plan.listeners.firstIndex(where: { $0.name == name })
            else {
                findings.lost("there is no entry point '\(OneLine.short(point))'", at: router.origin)
                continue
            }
            if let tls = router["tls"], isHTTP || tls["passthrough"]?.isTrue != true {
                setTLS(&plan.listeners[index], tls, tls.origin)
                if case .automatic = plan.listeners[index].tls { addHosts(router, index) }
            }
            names.insert(name)
        }
        return names
    }

    private mutating func addHosts(_ router: ForeignValue, _ index: Int) {
        for domain in router["tls", "domains"]?.list ?? [] {
            let hosts = [domain["main"]?.text].compactMap(\.self) + (domain["sans"]?.texts ?? [])
            for host in hosts where !plan.listeners[index].hosts.contains(host) && !host.hasPrefix("*.") {
                plan.listeners[index].hosts.append(host)
            }
        }
    }

    private struct Action {
        var action: PlannedRoute.Action
        var mirror: (pool: String, share: Double)?
        var comment: String?
        var isUpgrade = false
    }

    private mutating func action(of router: ForeignValue, _ name: String) -> Action? {
        retries = nil
        for middleware in router["middlewares"]?.texts ?? [] {
            if let action = applied(middleware, router) { return action }
        }
        guard let service = router["service"]?.text else {
            findings.lost("router \(OneLine.short(name)) has no service", at: router.origin)
            return nil
        }
        if service.hasSuffix("@internal") {
            findings.lost("\(OneLine.short(service)): see 'admin' for status and metrics", at: router.origin)
            return nil
        }
        var mirror: (pool: String, share: Double)?
        let shares = shares(of: service, router.origin, &mirror)
        guard !shares.isEmpty else {
            return Action(
                action: .respond(status: 503, headers: [], body: ""),
                comment: "Was service '\(OneLine.short(service))'.")
        }
        if let retries {
            for index in plan.pools.indices where shares.contains(where: { $0.pool == plan.pools[index].name }) {
                plan.pools[index].retry = .init(attempts: retries)
            }
        }
        return Action(action: .forward(shares), mirror: mirror)
    }

    /// What a middleware does to the whole router; nil when requests go on.
    private mutating func applied(_ name: String, _ router: ForeignValue) -> Action? {
        guard let middleware = middleware(name) else {
            findings.lost("middleware \(OneLine.short(name)): it is not in these files", at: router.origin)
            return nil
        }
        for (kind, value) in middleware.entries {
            switch kind {
            case "redirectScheme":
                let port = value["port"]?.text.flatMap { $0 == "443" ? nil : ":\($0)" } ?? ""
                let to = "\(value["scheme"]?.text ?? "https")://{host}\(port){path}{query}"
                return Action(
                    action: .redirect(to: to, status: value["permanent"]?.isTrue == true ? 301 : 302),
                    isUpgrade: port.isEmpty)
            case "redirectRegex":
                if let action = redirect(value) { return action }
                findings.lost(
                    "redirectRegex \(OneLine.short(value["regex"]?.text ?? "")): redirects know {scheme}, {host}, {path} and {query}",
                    at: value.origin)
                return Action(
                    action: .respond(status: 501, headers: [], body: ""),
                    comment: "Was middleware '\(OneLine.short(name))'.")
            case "basicAuth", "digestAuth", "forwardAuth", "ipWhiteList", "ipAllowList":
                findings.lost(
                    "\(kind): Aya does not check who asks; the route answers 403 until you open it", at: value.origin)
                return Action(
                    action: .respond(status: 403, headers: [], body: ""),
                    comment: "Was protected by '\(kind)'; give it its pool only if everybody may ask.")
            case "stripPrefix", "stripPrefixRegex", "addPrefix", "replacePath", "replacePathRegex":
                findings.lost(
                    "\(kind): Aya forwards paths as they come, so the servers have to answer to the whole path",
                    at: value.origin)
            case "headers": findings.lost("headers: Aya adds no headers to requests and answers", at: value.origin)
            case "compress": findings.lost("compress: Aya does not compress; let the servers do it", at: value.origin)
            case "rateLimit":
                findings.lost(
                    "rateLimit: Aya bounds connections of a client ('limits: { connections_per_client }'), not its rate",
                    at: value.origin)
            case "inFlightReq":
                findings.lost("inFlightReq: a pool's 'concurrency: { limit: … }' bounds work", at: value.origin)
            case "retry": retries = value["attempts"]?.integer.map { min(max($0, 1), 10) }
            case "circuitBreaker":
                findings.lost(
                    "circuitBreaker: a pool's 'breaker' opens by failures, not by an expression", at: value.origin)
            case "buffering":
                findings.lost("buffering: a listener's 'limits: { body }' bounds bodies", at: value.origin)
            case "errors": findings.lost("errors: a pool's 'fallback' answers while servers are gone", at: value.origin)
            case "chain":
                for inner in value["middlewares"]?.texts.prefix(20) ?? [] where inner != name {
                    guard chainDepth < 8 else { break }
                    chainDepth += 1
                    defer { chainDepth -= 1 }
                    if let action = applied(inner, router) { return action }
                }
            default: findings.lost("\(OneLine.short(kind)): Aya has nothing for it", at: value.origin)
            }
        }
        return nil
    }

    /// `^https?://www\.(.*)` and the like, where host and path stay or are fixed.
    private func redirect(_ value: ForeignValue) -> Action? {
        guard let regex = value["regex"]?.text, let target = value["replacement"]?.text else { return nil }
        let status = value["permanent"]?.isTrue == true ? 301 : 302
        if !target.contains("$") { return Action(action: .redirect(to: target, status: status)) }
        // The only group is the rest behind the host.
        let isRest = regex.hasSuffix("/(.*)") || regex.hasSuffix("/(.*)$")
        let groups = regex.utf8.count { $0 == UInt8(ascii: "(") }
        let marks = ["/${1}", "/$1"]
        guard isRest, groups == 1, let mark = marks.first(where: target.hasSuffix) else { return nil }
        let to = target.dropLast(mark.utf8.count) + "{path}{query}"
        return to.contains("$") ? nil : Action(action: .redirect(to: String(to), status: status))
    }
}
