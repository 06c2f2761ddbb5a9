internal import AyaBalance
internal import AyaConfig
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
