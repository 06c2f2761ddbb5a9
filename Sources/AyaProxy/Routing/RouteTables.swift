package import AyaConfig

/// The routing tables of one worker: a table for each group of listeners that have the same routes, so that a request
/// is never compared with a route of another listener. Without routes that name listeners there is one.
package struct RouteTables {
    private var named: [String: RouteTable] = [:]
    /// Of the listeners that no route names.
    private let common: RouteTable

    /// - Parameter routes: in the blueprint's order, which tables count by.
    package init(_ routes: [Blueprint.Route]) {
        let candidates = routes.indices.map { RouteCandidate(index: $0, routes[$0]) }.sorted(by: <)
        let forAll = candidates.filter { routes[$0.index].listeners.isEmpty }
        common = RouteTable(forAll, of: routes)
        guard forAll.count < candidates.count else { return }
        var own: [String: [RouteCandidate]] = [:]
        for candidate in candidates {
            for name in routes[candidate.index].listeners { own[name, default: []].append(candidate) }
        }
        var known: [[Int]: RouteTable] = [:]
        for (name, extra) in own {
            let key = extra.map(\.index)
            let table = known[key] ?? RouteTable((forAll + extra).sorted(by: <), of: routes)
            known[key] = table
            named[name] = table
        }
    }

    package func table(of listener: String) -> RouteTable { named[listener] ?? common }
}
