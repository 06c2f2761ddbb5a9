/// Brings routes of a dialect in which the first match wins into Aya's, in which the most specific one does.
///
/// Priorities are given only where Aya's own order would choose otherwise, so that most imported files need none.
enum RouteOrdering {
    /// Beyond this many routes, comparing all pairs would take too long; each then gets a priority of its own.
    static let mostCompared = 1500

    /// - Parameter routes: in the order in which they are tried. Those that can never be reached are left out.
    static func settle(_ routes: [PlannedRoute], _ findings: Findings) -> [PlannedRoute] {
        var kept: [PlannedRoute] = []
        var seen: [PlannedRoute.Match: [Int]] = [:]
        for route in routes {
            let alike = seen[route.match] ?? []
            if let first = alike.first(where: { kept[$0].isForAllListeners(of: route) }) {
                if kept[first].action != route.action {
                    findings.lost(
                        "this is never reached: line \(kept[first].origin.line) takes the same requests",
                        at: route.origin)
                }
                continue
            }
            seen[route.match, default: []].append(kept.count)
            kept.append(route)
        }
        guard kept.count <= mostCompared else {
            for index in kept.indices { kept[index].priority = kept.count - index }
            return kept
        }
        for index in kept.indices.reversed() {
            var priority = 0
            for later in (index + 1)..<max(index + 1, kept.count)
            where kept[index].sharesListeners(with: kept[later]) && overlap(kept[index].match, kept[later].match) {
                let needed = kept[later].priority + (isPreferred(kept[index].match, to: kept[later].match) ? 0 : 1)
                priority = max(priority, needed)
            }
            kept[index].priority = priority
        }
        return kept
    }

    /// Where each host has routes of its own, which were brought into order by themselves: a priority that a route of a
    /// less exact host needed must not put it before those of a host that is more exact.
    static func settleHosts(_ routes: [PlannedRoute]) -> [PlannedRoute] {
        guard routes.contains(where: { $0.priority > 0 }) else { return routes }
        var result = routes
        let hosts = Dictionary(grouping: routes.indices) { routes[$0].match.host }
        // The less exact ones first, which others stand upon.
        for (host, all) in hosts.sorted(by: { hostRank($0.key) < hostRank($1.key) }) {
            let wider = hostsAround(host).flatMap { hosts[$0] ?? [] }
            for own in groups(all, routes) {
                var base = 0
                for index in wider where result[index].priority > base {
                    if own.contains(where: { routes[$0].sharesListeners(with: routes[index]) }) {
                        base = result[index].priority
                    }
                }
                for index in own where base > 0 { result[index].priority = routes[index].priority + base }
            }
        }
        return result
    }

    /// Routes that meet on listeners, directly or through others.
    private static func groups(_ indices: [Int], _ routes: [PlannedRoute]) -> [[Int]] {
        var groups: [(listeners: Set<String>, members: [Int])] = []
        for index in indices {
            let listeners = routes[index].listeners
            if listeners.isEmpty { return [indices] }
            var joined = (listeners: listeners, members: [index])
            groups.removeAll { group in
                if group.listeners.isDisjoint(with: listeners) { return false }
                joined.listeners.formUnion(group.listeners)
                joined.members += group.members
                return true
            }
            groups.append(joined)
        }
        return groups.map(\.members)
    }

    /// The patterns that fit all that a host pattern fits, without itself.
    private static func hostsAround(_ host: String?) -> [String?] {
        guard let host else { return [] }
        var found: [String?] = [nil]
        var rest = host.hasPrefix("*.") ? host.dropFirst(2) : host[...]
        while let dot = rest.firstIndex(of: "."), found.count < 128 {
            rest = rest[rest.index(after: dot)...]
            found.append("*." + rest)
        }
        return found
    }

    /// Whether one request can match both.
    static func overlap(_ left: PlannedRoute.Match, _ right: PlannedRoute.Match) -> Bool {
        guard hostsOverlap(left.host, right.host) else { return false }
        if let leftPath = left.path, let rightPath = right.path,
            !leftPath.covers(rightPath), !rightPath.covers(leftPath)
        {
            return false
        }
        if !left.methods.isEmpty, !right.methods.isEmpty, Set(left.methods).isDisjoint(with: right.methods) {
            return false
        }
        // A field can be sent twice with two values; that nobody does so is what every proxy's rules assume.
        let pairs = [
            (left.headers, right.headers), (left.cookies, right.cookies), (left.query, right.query),
        ]
        for (mine, theirs) in pairs {
            for condition in mine
            where theirs.contains(where: { $0.name == condition.name && $0.value != condition.value }) {
                return false
            }
        }
        return true
    }

    private static func hostsOverlap(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return true }
        switch (left.hasPrefix("*."), right.hasPrefix("*.")) {
        case (false, false): return left == right
        case (true, false): return right.hasSuffix(left.dropFirst())
        case (false, true): return left.hasSuffix(right.dropFirst())
        case (true, true): return left.hasSuffix(right.dropFirst()) || right.hasSuffix(left.dropFirst())
        }
    }

    /// Whether Aya, without priorities, takes the first of two routes that match a request.
    static func isPreferred(_ left: PlannedRoute.Match, to right: PlannedRoute.Match) -> Bool {
        let hosts = (hostRank(left.host), hostRank(right.host))
        if hosts.0 != hosts.1 { return hosts.0 > hosts.1 }
        let paths = (pathRank(left.path), pathRank(right.path))
        if paths.0 != paths.1 { return paths.0 > paths.1 }
        let (mine, theirs) = (conditions(left), conditions(right))
        let totals = (mine.reduce(0, +), theirs.reduce(0, +))
        return totals.0 != totals.1 ? totals.0 > totals.1 : theirs.lexicographicallyPrecedes(mine)
    }

    /// Exact before the longest wildcard before any.
    private static func hostRank(_ host: String?) -> Int {
        guard let host else { return 0 }
        return host.hasPrefix("*.") ? host.utf8.count : 1 << 20
    }

    private static func pathRank(_ path: PlannedRoute.Path?) -> Int {
        switch path {
        case nil: 0
        case .below(let prefix): prefix == "/" ? 0 : prefix.utf8.count
        case .exact: 1 << 20
        }
    }

    /// More of them first, then a method before headers before cookies before the query.
    private static func conditions(_ match: PlannedRoute.Match) -> [Int] {
        [match.methods.isEmpty ? 0 : 1, match.headers.count, match.cookies.count, match.query.count]
    }
}
