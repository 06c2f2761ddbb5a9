internal import AyaCore

extension Validation {
    /// Without routes, a single pool takes every request, by a route named `default`. Pools that tcp and udp listeners
    /// use and pools that stand in for others do not count, unless there is no other.
    mutating func addDefaultRoute() {
        guard let listener = draft.httpListenerPlace else {
            if draft.routeCount > 0, draft.listenerCount > 0, !problems.hasErrors {
                problems.warning("no http listener: the routes have no effect", at: draft.routes.first?.place)
            }
            return
        }
        guard draft.routeCount == 0 else { return }
        let taken = Set(draft.listenerPools.map(\.pool) + draft.fallbackPools.map(\.reference.pool))
        let free = draft.poolNames.filter { !taken.contains($0.key) }
        let candidates = free.isEmpty ? draft.poolNames : free
        guard let (pool, place) = candidates.first, candidates.count == 1 else {
            problems.error(
                candidates.isEmpty
                    ? "no routes and no pools: nothing answers the requests"
                    : "no routes, and \(candidates.count) pools to choose from (write 'routes')", at: listener)
            return
        }
        draft.routePools.append(.init(pool: pool, place: place))
        let route = Blueprint.Route(name: "default", action: .forward([.init(pool: pool, weight: 1)]))
        draft.routes.append(Placed(value: route, place: place))
    }
}
