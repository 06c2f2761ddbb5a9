internal import AyaCore

/// Finds routes that no request can reach, because others take all that they match.
///
/// By itself the order of routes leaves each something, as the more specific goes first. What can hide a route whole is
/// a `priority`, or routes that match alike and together name every listener.
struct ShadowedRoutes {
    private struct Area: Hashable {
        var host: Blueprint.HostPattern?
        var path: Blueprint.PathPattern?
    }

    /// By area, routes that take all of it: by the listeners they name, the one with the highest priority.
    private var takers: [Area: [[String]: Blueprint.Route]] = [:]
    /// How long the prefixes of takers are, in bytes.
    private var prefixLengths: Set<Int> = []
    /// Of a match, the listeners that routes name and one of these routes.
    private var named: [RouteMatch: (listeners: Set<String>, route: Blueprint.Route)] = [:]
    private let listeners: Set<String>

    /// - Parameter listeners: where routes are asked.
    init(_ routes: [Blueprint.Route], listeners: [String]) {
        self.listeners = Set(listeners)
        let lowest = routes.map(\.priority).min() ?? 0
        for route in routes {
            if !route.listeners.isEmpty {
                named[RouteMatch(route), default: ([], route)].listeners.formUnion(route.listeners)
            }
            guard route.priority > lowest, route.isUnconditional else { continue }
            let match = RouteMatch(route)
            let area = Area(host: match.host, path: match.path)
            if let other = takers[area]?[route.listeners], other.priority >= route.priority { continue }
            takers[area, default: [:]][route.listeners] = route
            if case .below(let prefix) = match.path { prefixLengths.insert(prefix.utf8.count) }
        }
    }

    /// A route that takes everything which this one matches, or one of several that do together; nil when there is none.
    func shadow(of route: Blueprint.Route) -> Blueprint.Route? {
        if route.listeners.isEmpty, !listeners.isEmpty, let others = named[RouteMatch(route)],
            others.listeners.isSuperset(of: listeners)
        {
            return others.route
        }
        guard !takers.isEmpty else { return nil }
        let paths = Self.pathsAround(route.path, lengths: prefixLengths)
        for host in Self.hostsAround(route.host) {
            for path in paths {
                let found = (takers[Area(host: host, path: path)] ?? [:]).values.filter {
                    $0.priority > route.priority && $0.takesAllListeners(of: route)
                }
                if let first = found.min(by: { $0.name < $1.name }) { return first }
            }
        }
        return nil
    }

    /// The patterns that cover this one, and itself.
    private static func hostsAround(_ host: Blueprint.HostPattern?) -> [Blueprint.HostPattern?] {
        var name: Substring
        switch host {
        case nil: return [nil]
        case .exact(let exact): name = exact[...]
        case .anyBelow(let suffix): name = suffix[...]
        }
        var found: [Blueprint.HostPattern?] = [nil, host]
        while let dot = name.firstIndex(of: ".") {
            name = name[name.index(after: dot)...]
            found.append(.anyBelow(String(name)))
        }
        return found
    }

    private static func pathsAround(
        _ path: Blueprint.PathPattern?, lengths: Set<Int>
    ) -> [Blueprint.PathPattern?] {
        let text: String
        switch path {
        case nil, .below("/"): return [nil]
        case .exact(let exact): text = exact
        case .below(let prefix): text = prefix
        }
        let bytes = Array(text.utf8)
        let prefixes = lengths.filter { $0 <= bytes.count && bytes[$0 - 1] == UInt8(ascii: "/") }
        return [nil, path] + prefixes.map { .below(String(decoding: bytes[..<$0], as: UTF8.self)) }
    }
}

extension Blueprint.Route {
    fileprivate var isUnconditional: Bool {
        methods.isEmpty && headers.isEmpty && cookies.isEmpty && query.isEmpty
    }

    fileprivate func takesAllListeners(of other: Blueprint.Route) -> Bool {
        listeners.isEmpty || !other.listeners.isEmpty && other.listeners.allSatisfy(listeners.contains)
    }
}

extension Validation {
    func checkShadowedRoutes() {
        guard !problems.hasErrors else { return }
        let shadows = ShadowedRoutes(
            draft.routes.map(\.value), listeners: draft.listeners.map(\.value).filter(\.asksRoutes).map(\.name))
        for route in draft.routes {
            guard let shadow = shadows.shadow(of: route.value) else { continue }
            let why =
                shadow.priority > route.value.priority
                ? "'\(shadow.name)' has a higher priority and takes all that it matches"
                : "'\(shadow.name)' and others match alike and name every listener"
            problems.warning("route '\(route.value.name)' is never reached: \(why)", at: route.place)
        }
    }
}
