internal import AyaCore

extension Validation {
    private struct Match: Hashable {
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

    /// Order never decides, so two routes that match alike with the same priority leave open which one wins.
    func checkAmbiguousRoutes() {
        var seen: [Match: Placed<Blueprint.Route>] = [:]
        for route in draft.routes {
            let match = Match(route.value)
            if let first = seen[match] {
                let where_ = problems.reference(to: first.place, from: route.place)
                problems.error(
                    "route '\(route.value.name)' matches exactly what route '\(first.value.name)' on \(where_) matches "
                        + "(set a 'priority')", at: route.place)
            } else {
                seen[match] = route
            }
        }
    }
}
