internal import AyaCore

/// What a route asks of a request, as a key for finding routes that ask the same.
struct RouteMatch: Hashable {
    var host: Blueprint.HostPattern?
    var path: Blueprint.PathPattern?
    var methods: [String]
    var headers: [Blueprint.Route.Condition]
    var cookies: [Blueprint.Route.Condition]
    var query: [Blueprint.Route.Condition]
    var priority: Int

    init(_ route: Blueprint.Route) {
        host = route.host
        // `/*` is every path there is, as is none.
        path = route.path == .below("/") ? nil : route.path
        methods = route.methods
        headers = route.headers
        cookies = route.cookies
        query = route.query
        priority = route.priority
    }
}

extension Validation {
    private struct Claim: Hashable {
        var match: RouteMatch
        /// Nil for every listener, which ranks behind one that is named.
        var listener: String?
    }

    /// Order never decides, so two routes that match alike with the same priority leave open which one wins.
    func checkAmbiguousRoutes() {
        var seen: [Claim: Placed<Blueprint.Route>] = [:]
        for route in draft.routes {
            let match = RouteMatch(route.value)
            let names = route.value.listeners
            let claims = names.isEmpty ? [Claim(match: match)] : names.map { Claim(match: match, listener: $0) }
            if let first = claims.lazy.compactMap({ seen[$0] }).first {
                let where_ = problems.reference(to: first.place, from: route.place)
                problems.error(
                    "route '\(route.value.name)' matches exactly what route '\(first.value.name)' on \(where_) matches "
                        + "(set a 'priority')", at: route.place)
            }
            for claim in claims where seen[claim] == nil { seen[claim] = route }
        }
    }
}
