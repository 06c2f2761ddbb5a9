/// Brings listeners and their routes into Aya's shape: routes stand beside listeners and name them, where other proxies
/// have a list of rules below each listener.
enum ListenerSettlement {
    static func settle(_ plan: inout Plan, _ findings: Findings) {
        mergeAddresses(&plan)
        settleUpgrades(&plan, findings)
        nameListeners(&plan, findings)
        joinAlike(&plan)
        settleConflicts(&plan, findings)
        forgetNames(&plan)
        prune(&plan)
        var names = Names()
        for index in plan.routes.indices { plan.routes[index].name = names.unique(plan.routes[index].name) }
    }

    /// What sends all requests of a listener on to TLS is the listener's own `redirect` in Aya, which needs no list of
    /// hosts and no route.
    private static func settleUpgrades(_ plan: inout Plan, _ findings: Findings) {
        let secure = plan.listeners.filter { $0.kind == .http && $0.tls != nil }
        // What is encrypted already would go round in a circle.
        for index in plan.routes.indices where isUpgrade(plan.routes[index]) { plan.routes[index].transport = .plain }
        guard let target = secure.first(where: { $0.bind.hasSuffix(":443") }) ?? secure.first else { return }
        let routes = plan.routes.filter { $0.transport != .tls && !isNothing($0.action) }
        let common = routes.filter(\.listeners.isEmpty)
        var named: [String: [PlannedRoute]] = [:]
        for route in routes { for name in route.listeners { named[name, default: []].append(route) } }
        for index in plan.listeners.indices {
            let listener = plan.listeners[index]
            guard listener.kind == .http, listener.tls == nil else { continue }
            let own = common + (named[listener.name] ?? [])
            guard own.contains(where: isUpgrade) else { continue }
            let upgrades = own.filter { isUpgrade($0) && $0.match == PlannedRoute.Match(host: $0.match.host) }
            let byHost = Dictionary(grouping: upgrades, by: \.match.host)
            let isWhole = own.allSatisfy { route in
                isUpgrade(route) || (byHost[nil] ?? []).contains { covers($0, route) }
                    || (byHost[route.match.host] ?? []).contains { covers($0, route) }
            }
            guard !upgrades.isEmpty, isWhole else { continue }
            plan.listeners[index].redirect = target.name
            if case .redirect(_, let status)? = upgrades.first?.action, status != 308, let first = upgrades.first {
                findings.differs(
                    "requests without TLS are sent on with status 308, which keeps the method, in place of \(status)",
                    at: first.origin)
            }
        }
    }

    /// Whether a route that sends on to TLS leaves nothing to another one.
    private static func covers(_ upgrade: PlannedRoute, _ route: PlannedRoute) -> Bool {
        guard upgrade.match.host == nil || upgrade.match.host == route.match.host else { return false }
        if upgrade.priority != route.priority { return upgrade.priority > route.priority }
        return upgrade.match == route.match || RouteOrdering.isPreferred(upgrade.match, to: route.match)
    }

    private static func isUpgrade(_ route: PlannedRoute) -> Bool {
        guard case .redirect(let to, _) = route.action else { return false }
        return to == "https://{host}{path}{query}"
    }

    /// Answers for what nobody serves.
    private static func isNothing(_ action: PlannedRoute.Action) -> Bool {
        if case .respond(let status, _, _) = action { status == 404 } else { false }
    }

    /// Each route gets the names of its listeners, as far as these ask routes.
    private static func nameListeners(_ plan: inout Plan, _ findings: Findings) {
        let http = Dictionary(
            plan.listeners.filter { $0.kind == .http }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        plan.routes = plan.routes.compactMap { route in
            let own = route.listeners.isEmpty ? Array(http.values) : route.listeners.compactMap { http[$0] }
            let meant = own.filter { fits($0, route.transport) }
            let names = Set(meant.filter { $0.redirect == nil }.map(\.name))
            if names.isEmpty {
                // Where a listener sends all requests on, the original had none left for it either.
                if meant.isEmpty, !isUpgrade(route), !isNothing(route.action) {
                    findings.lost("no listener has the requests that this is for", at: route.origin)
                }
                return nil
            }
            var route = route
            route.listeners = names
            route.transport = .either
            return route
        }
    }

    private static func fits(_ listener: PlannedListener, _ transport: PlannedRoute.Transport) -> Bool {
        switch transport {
        case .either: true
        case .plain: listener.tls == nil
        case .tls: listener.tls != nil
        }
    }

    /// What is the same on several listeners becomes one route of all of them.
    private static func joinAlike(_ plan: inout Plan) {
        var seen: [PlannedRoute.Match: [Int]] = [:]
        var kept: [PlannedRoute] = []
        for route in plan.routes {
            if let first = (seen[route.match] ?? []).first(where: { kept[$0].doesTheSame(as: route) }) {
                kept[first].listeners.formUnion(route.listeners)
            } else {
                seen[route.match, default: []].append(kept.count)
                kept.append(route)
            }
        }
        plan.routes = kept
    }

    /// Routes that match alike on one listener: the first one stays, or what is closed.
    private static func settleConflicts(_ plan: inout Plan, _ findings: Findings) {
        struct Claim: Hashable {
            var match: PlannedRoute.Match
            var priority: Int
            var listener: String
        }
        var seen: [Claim: Int] = [:]
        for index in plan.routes.indices {
            var match = plan.routes[index].match
            if match.path == .below("/") { match.path = nil }
            for name in plan.routes[index].listeners.sorted() {
                let claim = Claim(match: match, priority: plan.routes[index].priority, listener: name)
                guard let first = seen[claim] else {
                    seen[claim] = index
                    continue
                }
                var (winner, loser) = (first, index)
                if case .respond(403, _, _) = plan.routes[index].action { (winner, loser) = (index, first) }
                seen[claim] = winner
                plan.routes[loser].listeners.remove(name)
                if plan.routes[loser].action == plan.routes[winner].action { continue }
                findings.lost(
                    "line \(plan.routes[winner].origin.line) answers the same requests in another way",
                    at: plan.routes[loser].origin)
            }
        }
        plan.routes.removeAll(where: \.listeners.isEmpty)
    }

    /// What is for every listener that asks routes names none.
    private static func forgetNames(_ plan: inout Plan) {
        let all = Set(plan.listeners.filter { $0.kind == .http && $0.redirect == nil }.map(\.name))
        for index in plan.routes.indices where plan.routes[index].listeners == all { plan.routes[index].listeners = [] }
    }

    /// Pools that nothing leads to any more.
    private static func prune(_ plan: inout Plan) {
        var used: Set<String> = []
        for route in plan.routes {
            if case .forward(let shares) = route.action { used.formUnion(shares.map(\.pool)) }
            if let mirror = route.mirror { used.insert(mirror.pool) }
        }
        for listener in plan.listeners {
            switch listener.kind {
            case .http: break
            case .tcp(let pool, let sni): used.formUnion(sni.map(\.pool) + (pool.map { [$0] } ?? []))
            case .udp(let pool): used.insert(pool)
            }
        }
        for pool in plan.pools.reversed() where used.contains(pool.name) {
            if let fallback = pool.fallbackPool { used.insert(fallback) }
        }
        plan.pools.removeAll { !used.contains($0.name) }
    }

    /// `0.0.0.0:80` and `[::]:80` are one socket in Aya, `:80`.
    private static func mergeAddresses(_ plan: inout Plan) {
        var first: [String: Int] = [:]
        for (index, listener) in plan.listeners.enumerated() where first[listener.bind] == nil {
            first[listener.bind] = index
        }
        var twins: [String: String] = [:]
        for (index, listener) in plan.listeners.enumerated() {
            guard listener.bind.hasPrefix("[::]:") || listener.bind.hasPrefix("0.0.0.0:"),
                let port = listener.bind.split(separator: ":").last
            else { continue }
            let isV6 = listener.bind.hasPrefix("[")
            guard let twin = first[(isV6 ? "0.0.0.0:" : "[::]:") + port], twin < index else { continue }
            let other = plan.listeners[twin]
            guard (other.tls == nil) == (listener.tls == nil), isAlike(other.kind, listener.kind) else { continue }
            plan.listeners[twin].bind = ":\(port)"
            twins[listener.name] = other.name
        }
        guard !twins.isEmpty else { return }
        plan.listeners.removeAll { twins[$0.name] != nil }
        for index in plan.listeners.indices {
            if let twin = plan.listeners[index].redirect.flatMap({ twins[$0] }) {
                plan.listeners[index].redirect = twin
            }
        }
        for index in plan.routes.indices where !plan.routes[index].listeners.isEmpty {
            plan.routes[index].listeners = Set(plan.routes[index].listeners.map { twins[$0] ?? $0 })
        }
    }

    private static func isAlike(_ left: PlannedListener.Kind, _ right: PlannedListener.Kind) -> Bool {
        switch (left, right) {
        case (.http, .http), (.tcp, .tcp), (.udp, .udp): true
        case (.http, _), (.tcp, _), (.udp, _): false
        }
    }
}
