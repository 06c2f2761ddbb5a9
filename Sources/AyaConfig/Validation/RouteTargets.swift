internal import AyaCore

extension Validation {
    /// Mirrors and subsets against the pools they speak of.
    func checkRouteTargets() {
        let pools = Dictionary(
            draft.pools.map { ($0.value.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        for route in draft.routes {
            guard case .forward(let shares) = route.value.action else { continue }
            let keys = draft.routeKeys[route.value.name] ?? [:]
            if let mirror = route.value.mirror, shares.contains(where: { $0.pool == mirror.pool }) {
                problems.warning(
                    "route '\(route.value.name)' mirrors to its own pool '\(mirror.pool)': its servers get everything "
                        + "twice", at: keys[Language.Route.mirror.name] ?? route.place)
            }
            guard !route.value.subset.isEmpty else { continue }
            for share in shares {
                guard let pool = pools[share.pool], !pool.servers.isEmpty,
                    !pool.servers.contains(where: { $0.has(route.value.subset) })
                else { continue }
                problems.error(
                    "no server of pool '\(share.pool)' has the labels of the subset",
                    at: keys[Language.Route.subset.name] ?? route.place)
            }
        }
    }
}

extension Blueprint.Server {
    fileprivate func has(_ wanted: [String: String]) -> Bool { wanted.allSatisfy { labels[$0.key] == $0.value } }
}
