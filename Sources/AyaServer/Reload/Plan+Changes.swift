internal import AyaConfig
internal import AyaCore

/// What an operator may change of a plan without touching its files.
extension Reloader.Plan {
    /// With what the files say now.
    func with(_ configuration: Configuration) -> Self {
        var plan = self
        plan.base = configuration.blueprint
        plan.warnings = configuration.warnings
        return plan
    }

    func settingWeight(_ weight: Int, of place: RuntimeChanges.Place) throws(ReloadError) -> Self {
        try require(place)
        guard (0...65_535).contains(weight) else { throw ReloadError(invalid: ["a weight is 0 to 65535"]) }
        var plan = self
        plan.changes.setWeight(weight, of: place)
        return plan
    }

    /// - Parameter text: as in a pool's list of servers, in JSON or YAML.
    func adding(_ text: [UInt8], to pool: String) throws(ReloadError) -> Self {
        guard let known = blueprint.pools.first(where: { $0.name == pool }) else {
            throw ReloadError(unknown: "there is no pool '\(pool)'")
        }
        let server: Blueprint.Server
        switch ServerText.read(text) {
        case .success(let read): server = read
        case .failure(let faults): throw ReloadError(invalid: faults.diagnostics.map(\.rendered))
        }
        guard !known.servers.contains(where: { $0.address == server.address }) else {
            throw ReloadError("server '\(pool)/\(server.address)' is there already")
        }
        var plan = self
        plan.changes.add(server, to: pool)
        return plan
    }

    func removing(_ place: RuntimeChanges.Place) throws(ReloadError) -> Self {
        try require(place)
        var plan = self
        plan.changes.remove(place)
        return plan
    }

    func settingRoute(_ name: String, enabled: Bool) throws(ReloadError) -> Self {
        guard base.routes.contains(where: { $0.name == name }) else {
            throw ReloadError(unknown: "there is no route '\(name)'")
        }
        var plan = self
        plan.changes.setRoute(name, enabled: enabled)
        return plan
    }

    private func require(_ place: RuntimeChanges.Place) throws(ReloadError) {
        let isThere = blueprint.pools.contains { pool in
            pool.name == place.pool && pool.servers.contains { "\($0.address)" == place.server }
        }
        if !isThere { throw ReloadError(unknown: "there is no server '\(place.pool)/\(place.server)'") }
    }
}
