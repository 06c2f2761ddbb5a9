internal import AyaBrain
internal import AyaConfig
internal import AyaCore

/// What operators changed while Aya runs, and the brain tuned, on top of what the configuration's files say.
///
/// It stays until it is taken back, through reloads too: a server that somebody took out for repair must not come back
/// because somebody else changed a route. What it speaks of and the files have no more is dropped.
struct RuntimeChanges: Sendable, Equatable {
    private(set) var weights: [Place: Int] = [:]
    private(set) var added: [Place: Blueprint.Server] = [:]
    private(set) var removed: Set<Place> = []
    private(set) var disabledRoutes: Set<String> = []
    /// By pool.
    private(set) var tuned: [String: Tuning] = [:]
    /// Limits of pools in trouble, by pool.
    private(set) var tightened: [String: Int] = [:]
    /// Pools that the brain took out of the routes that they share with others.
    private(set) var withdrawn: Set<String> = []

    /// A server, by its pool's name and its address.
    struct Place: Hashable, Sendable {
        var pool: String
        var server: String
    }

    var isEmpty: Bool { self == RuntimeChanges() }

    mutating func setWeight(_ weight: Int, of place: Place) {
        if added[place] != nil { added[place]?.weight = weight } else { weights[place] = weight }
    }

    mutating func add(_ server: Blueprint.Server, to pool: String) {
        let place = Place(pool: pool, server: "\(server.address)")
        if removed.remove(place) != nil {
            weights[place] = server.weight
        } else {
            added[place] = server
        }
    }

    mutating func remove(_ place: Place) {
        weights[place] = nil
        if added.removeValue(forKey: place) == nil { removed.insert(place) }
    }

    mutating func tune(_ pool: String, _ tuning: Tuning?) { tuned[pool] = tuning }

    mutating func tighten(_ pool: String, to limit: Int?) { tightened[pool] = limit }

    mutating func withdraw(_ pool: String) { withdrawn.insert(pool) }

    mutating func setRoute(_ name: String, enabled: Bool) {
        if enabled { disabledRoutes.remove(name) } else { disabledRoutes.insert(name) }
    }

    /// What runs when the files say `base`.
    func applied(to base: Blueprint) -> Blueprint {
        guard !isEmpty else { return base }
        var blueprint = base
        blueprint.routes.removeAll { disabledRoutes.contains($0.name) }
        if !withdrawn.isEmpty {
            for index in blueprint.routes.indices { blueprint.routes[index].withdraw(withdrawn) }
        }
        for index in blueprint.pools.indices {
            let pool = blueprint.pools[index].name
            var servers = blueprint.pools[index].servers.filter { server in
                !removed.contains(Place(pool: pool, server: "\(server.address)"))
            }
            if let tuning = tuned[pool] {
                blueprint.pools[index].apply(tuning)
                for position in servers.indices {
                    if let weight = tuning.weight(of: servers[position]) { servers[position].weight = weight }
                }
            }
            if let limit = tightened[pool] { blueprint.pools[index].tighten(to: limit) }
            for position in servers.indices {
                let place = Place(pool: pool, server: "\(servers[position].address)")
                if let weight = weights[place] { servers[position].weight = weight }
            }
            let known = Set(servers.map(\.address))
            let more = added.filter { $0.key.pool == pool && !known.contains($0.value.address) }
            servers += more.sorted { $0.key.server < $1.key.server }.map(\.value)
            blueprint.pools[index].servers = servers
        }
        return blueprint
    }

    /// Without what the files have no more, or have come to say themselves.
    func pruned(to base: Blueprint) -> RuntimeChanges {
        var left = self
        let servers = Dictionary(
            base.pools.flatMap { pool in
                pool.servers.map { (Place(pool: pool.name, server: "\($0.address)"), $0) }
            }, uniquingKeysWith: { first, _ in first })
        let pools = Set(base.pools.map(\.name))
        left.weights = weights.filter { servers[$0.key].map(\.weight) != nil && servers[$0.key]?.weight != $0.value }
        left.removed = removed.filter { servers[$0] != nil }
        left.added = added.filter { pools.contains($0.key.pool) && servers[$0.key] == nil }
        let settings = Dictionary(
            base.pools.filter { $0.brain?.tune != nil }.map { ($0.name, PoolSettings($0)) },
            uniquingKeysWith: { first, _ in first })
        left.tuned = tuned.filter { settings[$0.key] == $0.value.configured }
        left.tightened = tightened.filter { pools.contains($0.key) }
        left.withdrawn = withdrawn.intersection(pools)
        left.disabledRoutes = disabledRoutes.intersection(base.routes.map(\.name))
        return left
    }
}

extension Blueprint.Route {
    /// Somebody has to be left.
    fileprivate mutating func withdraw(_ pools: Set<String>) {
        guard case .forward(let shares) = action else { return }
        let others = shares.filter { !pools.contains($0.pool) }
        if others.contains(where: { $0.weight > 0 }) { action = .forward(others) }
    }
}

extension Blueprint.Pool {
    fileprivate mutating func tighten(to limit: Int) {
        switch concurrency {
        case nil: concurrency = .limit(limit)
        case .limit(let former): concurrency = .limit(min(former, limit))
        case .adaptive: return
        }
    }
}
