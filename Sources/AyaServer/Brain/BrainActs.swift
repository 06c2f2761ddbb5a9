internal import AyaBalance
internal import AyaBrain
internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaTelemetry

/// What the brain can do: each only where the configuration says so.
struct BrainActs: Sendable {
    let reloader: Reloader
    let health: HealthThread
    let certificates: CertificateThread
    let workers: WorkerDirectory
    let programs: BrainThread
    let trail: AuditTrail
    let scaler: Scaler
    let board: CapacityBoard
    let log: Log

    var blueprint: Blueprint { reloader.running.blueprint }

    var pools: [SharedState.Pool] { reloader.running.shared.pools }

    func pool(_ name: String) -> SharedState.Pool? {
        reloader.running.shared.pools.first { $0.blueprint.name == name }
    }

    /// In the words of `aya explain`.
    func state(of server: String, in name: String) -> String {
        guard let pool = pool(name), let index = pool.blueprint.servers.firstIndex(where: { "\($0.address)" == server })
        else { return "unknown" }
        let words = pool.board.holds(index).words
        return words.isEmpty ? "available" : words.joined(separator: ", ")
    }

    /// What the configuration says of a pool, without what was changed since; with the tuning that is in effect.
    func configured(_ name: String) -> (pool: Blueprint.Pool, tuning: Tuning?)? {
        let plan = reloader.plan
        return plan.base.pools.first { $0.name == name }.map { ($0, plan.changes.tuned[name]) }
    }

    var tunings: KeptTunings {
        KeptTunings(
            reloader.plan.changes.tuned.map { pool, tuning in
                .init(pool: pool, configured: tuning.configured, settings: tuning.settings)
            })
    }

    /// Sets values of a pool; nil settings are those of the configuration.
    ///
    /// - Returns: why not; nil when it was done.
    func tune(_ name: String, to settings: PoolSettings?, because why: String) async -> String? {
        await change("tuning of \(name): \(why)") { plan throws(ReloadError) in
            guard let pool = plan.base.pools.first(where: { $0.name == name }) else {
                throw ReloadError(unknown: "there is no pool '\(name)'")
            }
            let configured = PoolSettings(pool)
            let isTuned = settings.map { $0 != configured } ?? false
            plan.changes.tune(name, isTuned ? settings.map { Tuning(configured: configured, settings: $0) } : nil)
        }
    }

    /// Takes a server out for as long as the outlier watch does, within the bounds that the pool has for that.
    func eject(_ server: String, of name: String) -> String {
        guard let pool = pool(name), let outliers = pool.blueprint.outliers else {
            return "not ejected: the pool has no 'outliers'"
        }
        guard let index = pool.blueprint.servers.firstIndex(where: { "\($0.address)" == server }) else {
            return "not ejected: there is no such server any more"
        }
        let most = OutlierRule(outliers).mostEjected(of: pool.blueprint.servers.count)
        return pool.board.eject(index, atMost: most) ? "ejected" : "not ejected: it is, or too many are"
    }

    /// Requests by client, over some time from now on.
    func countClients(for time: Duration) async -> ClientCounts {
        for site in workers.all { _ = await site.countClients(true) }
        try? await Task.sleep(for: time)
        var sum = ClientCounts()
        for site in workers.all { sum.add(await site.countClients(false)) }
        return sum
    }

    /// Holds clients to so many requests a second each, over all workers.
    func limitClients(_ rates: [IPAddress: Double]) async {
        let sites = workers.all
        let each = rates.mapValues { $0 / Double(max(1, sites.count)) }
        for site in sites { await site.limitClients(each) }
    }

    /// Takes a pool out of the routes that it shares with others, until somebody takes that back.
    func withdraw(_ name: String) async -> String {
        let routes = blueprint.routes.filter { route in
            guard case .forward(let shares) = route.action else { return false }
            return shares.count > 1 && shares.contains { $0.pool == name }
        }
        guard !routes.isEmpty else { return "not rolled back: it shares no route with another pool" }
        let problem = await change("roll back \(name)") { $0.changes.withdraw(name) }
        return problem.map { "not rolled back: \($0)" } ?? "rolled back; taking back changes gives it its share again"
    }

    /// Limits what a pool is given at once, for some time.
    func tighten(_ name: String, to limit: Int, for time: Duration) async -> String {
        if case .adaptive = pool(name)?.blueprint.concurrency {
            return "not tightened: its limit follows response times as it is"
        }
        // The end of the former limit would be this one's too.
        guard reloader.plan.changes.tightened[name] == nil else { return "not tightened: it is limited already" }
        let problem = await change("tighten the limit of \(name) to \(limit)") { $0.changes.tighten(name, to: limit) }
        if let problem { return "not tightened: \(problem)" }
        Task {
            try? await Task.sleep(for: time)
            _ = await change("end of the tight limit of \(name)") { $0.changes.tighten(name, to: nil) }
        }
        return "limited to \(limit) at once"
    }

    /// Changes what runs, as the admin API does.
    ///
    /// - Returns: why not; nil when it was done.
    private func change(
        _ origin: String, _ make: @escaping @Sendable (inout Reloader.Plan) throws(ReloadError) -> Void
    ) async -> String? {
        let result = await reloader.change(Wish(origin: origin, isRemembered: false)) { plan throws(ReloadError) in
            var plan = plan
            try make(&plan)
            return plan
        }
        switch result {
        case .success: return nil
        case .failure(let error): return error.description
        }
    }

    /// Gives a server no new work, has its recovery run, and gives it work again.
    func drain(_ server: String, of pool: String, recovery: [String]) async -> String {
        guard await health.drain(server, of: pool) else { return "not drained: there is no such server any more" }
        guard !recovery.isEmpty else {
            try? await Task.sleep(for: Self.rest)
            _ = await health.endDraining(server, of: pool)
            return "drained for \(Self.rest.components.seconds / 60) minutes"
        }
        let problem = await programs.run(recovery, environment: [("AYA_POOL", pool), ("AYA_SERVER", server)])
        if let problem { return "drained; its recovery failed: \(problem)" }
        _ = await health.endDraining(server, of: pool)
        return "drained, recovered and taken into service again"
    }

    /// Each worker has so many connections ready for each server of a pool.
    func connectAhead(_ count: Int, in pool: String) {
        for worker in workers.all { worker.connectAhead(count, in: pool) }
    }

    private static let rest = Duration.seconds(600)
}
