/// Aya's routes take the requests of every HTTP listener; in other proxies each listener has its own. What that changes
/// is put right where it can be, and said where it can't.
enum ListenerSettlement {
    static func settle(_ plan: inout Plan, _ findings: Findings) {
        mergeAddresses(&plan)
        settleUpgrades(&plan, findings)
        leaveOutOthers(&plan, findings)
        settleConflicts(&plan, findings)
        prune(&plan)
        var names = Names()
        for index in plan.routes.indices { plan.routes[index].name = names.unique(plan.routes[index].name) }
    }

    /// What sends requests on to TLS is a property of a listener in Aya: as a route it would answer on the listener with
    /// TLS too, for ever.
    private static func settleUpgrades(_ plan: inout Plan, _ findings: Findings) {
        let secure = plan.listeners.filter { $0.kind == .http && $0.tls != nil }
        guard let target = secure.first(where: { $0.bind.hasSuffix(":443") }) ?? secure.first else {
            for route in plan.routes where route.isForPlainOnly {
                findings.lost("this sends requests on to TLS, and no listener has it", at: route.origin)
            }
            plan.routes.removeAll(where: \.isForPlainOnly)
            return
        }
        for index in plan.listeners.indices {
            let listener = plan.listeners[index]
            guard listener.kind == .http, listener.tls == nil else { continue }
            let own = plan.routes.filter { isOf(listener, $0) && !isNothing($0.action) }
            let upgrades = own.filter(isUpgrade)
            let hosts = upgrades.filter { $0.match == PlannedRoute.Match(host: $0.match.host) }.map(\.match.host)
            let isWhole = own.allSatisfy { isUpgrade($0) || hosts.contains(nil) || hosts.contains($0.match.host) }
            guard !upgrades.isEmpty, isWhole, !hosts.isEmpty else { continue }
            plan.listeners[index].redirect = target.name
            if case .redirect(_, let status)? = upgrades.first?.action, status != 308, let first = upgrades.first {
                findings.differs(
                    "requests without TLS are sent on with status 308, which keeps the method, in place of \(status)",
                    at: first.origin)
            }
            plan.routes = plan.routes.compactMap { route in
                var route = route
                if route.listeners.isEmpty || route.listeners.remove(listener.name) == nil { return route }
                return route.listeners.isEmpty ? nil : route
            }
        }
        plan.routes = plan.routes.filter { route in
            guard isUpgrade(route) else { return true }
            let isDone = plan.listeners.contains { $0.redirect != nil && ($0.redirect == target.name) }
            let isOpen = plan.listeners.contains {
                $0.kind == .http && $0.tls == nil && $0.redirect == nil && isOf($0, route)
            }
            if isOpen || !isDone {
                findings.differs(
                    "this sends requests on to TLS; in Aya a listener does that for all of its requests ('redirect') or "
                        + "for none, and here it answers others itself", at: route.origin)
            }
            return false
        }
    }

    private static func isOf(_ listener: PlannedListener, _ route: PlannedRoute) -> Bool {
        route.listeners.isEmpty || route.listeners.contains(listener.name)
    }

    private static func isUpgrade(_ route: PlannedRoute) -> Bool {
        guard case .redirect(let to, _) = route.action else { return false }
        return route.isForPlainOnly || to == "https://{host}{path}{query}"
    }

    /// Answers for what nobody serves.
    private static func isNothing(_ action: PlannedRoute.Action) -> Bool {
        if case .respond(let status, _, _) = action { status == 404 } else { false }
    }

    /// Listeners that belong together: they have the same routes, or they are the plain and the secure side of one
    /// address. One group stays; a listener with rules of its own on another address may be closed to the world for a
    /// reason, and is left out with them.
    private static func leaveOutOthers(_ plan: inout Plan, _ findings: Findings) {
        let open = plan.listeners.filter { $0.kind == .http && $0.redirect == nil }
        guard open.count > 1 else { return }
        var groups: [[PlannedListener]] = []
        let routes = plan.routes
        func own(_ listener: PlannedListener) -> [Int] { routes.indices.filter { isOf(listener, routes[$0]) } }
        for listener in open {
            let known = groups.firstIndex { group in
                group.contains { other in
                    let isPair = host(other.bind) == host(listener.bind) && (other.tls == nil) != (listener.tls == nil)
                    return isPair || own(other) == own(listener)
                }
            }
            if let known { groups[known].append(listener) } else { groups.append([listener]) }
        }
        guard groups.count > 1 else { return }
        // Traffic comes to the usual ports; else to where most routes are.
        func rank(_ group: [PlannedListener]) -> (Int, Int) {
            let isUsual = group.contains { $0.bind.hasSuffix(":443") || $0.bind.hasSuffix(":80") }
            return (isUsual ? 1 : 0, group.map { own($0).count }.max() ?? 0)
        }
        var best = 0
        for index in groups.indices where rank(groups[index]) > rank(groups[best]) { best = index }
        let kept = Set(groups[best].map(\.name))
        for listener in groups.enumerated().filter({ $0.offset != best }).flatMap(\.element) {
            let count = own(listener).filter { routes[$0].listeners.isDisjoint(with: kept) }.count
            findings.lost(
                "the listener on \(listener.bind) and its \(count) routes: Aya's routes answer on every http listener, and "
                    + "these were for this one alone; run a second Aya for them", at: listener.origin)
        }
        let gone = Set(open.map(\.name)).subtracting(kept)
        plan.listeners.removeAll { gone.contains($0.name) }
        plan.routes.removeAll { !$0.listeners.isEmpty && $0.listeners.isDisjoint(with: kept) }
    }

    private static func host(_ bind: String) -> Substring {
        bind.lastIndex(of: ":").map { bind[..<$0] } ?? bind[...]
    }

    /// Routes that match alike on two listeners: the first one stays, or what is closed.
    private static func settleConflicts(_ plan: inout Plan, _ findings: Findings) {
        var seen: [PlannedRoute.Match: Int] = [:]
        var kept: [PlannedRoute] = []
        for var route in plan.routes {
            if route.match.path == .below("/") { route.match.path = nil }
            guard let first = seen[route.match] else {
                seen[route.match] = kept.count
                kept.append(route)
                continue
            }
            if kept[first].action == route.action { continue }
            if case .respond(403, _, _) = route.action { (kept[first], route) = (route, kept[first]) }
            findings.lost(
                "another listener (line \(kept[first].origin.line)) answers the same requests in another way, and Aya's "
                    + "routes do not go by listener", at: route.origin)
        }
        plan.routes = kept
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
        for index in plan.listeners.indices.reversed() {
            let listener = plan.listeners[index]
            guard listener.bind.hasPrefix("[::]:") || listener.bind.hasPrefix("0.0.0.0:"),
                let port = listener.bind.split(separator: ":").last
            else { continue }
            let isV6 = listener.bind.hasPrefix("[")
            let other = (isV6 ? "0.0.0.0:" : "[::]:") + port
            let twin = plan.listeners.firstIndex {
                $0.bind == other && ($0.tls == nil) == (listener.tls == nil) && isAlike($0.kind, listener.kind)
            }
            guard let twin, twin < index else { continue }
            plan.listeners[twin].bind = ":\(port)"
            for route in plan.routes.indices where plan.routes[route].listeners.remove(listener.name) != nil {
                plan.routes[route].listeners.insert(plan.listeners[twin].name)
            }
            for other in plan.listeners.indices where plan.listeners[other].redirect == listener.name {
                plan.listeners[other].redirect = plan.listeners[twin].name
            }
            plan.listeners.remove(at: index)
        }
    }

    private static func isAlike(_ left: PlannedListener.Kind, _ right: PlannedListener.Kind) -> Bool {
        switch (left, right) {
        case (.http, .http), (.tcp, .tcp), (.udp, .udp): true
        case (.http, _), (.tcp, _), (.udp, _): false
        }
    }
}
