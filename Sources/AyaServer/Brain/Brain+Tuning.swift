internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaTelemetry

/// What the brain tunes, where a pool lets it: one change of a pool at a time, each told, and taken back when it did
/// harm.
extension Brain {
    /// Intervals that a change is on trial, about.
    private static let trialLength = 6.0

    func tune(
        _ rows: [TrafficGatherer.Row], _ seconds: Double,
        _ configured: [(pool: Blueprint.Pool, brain: Blueprint.Brain)], at time: Double
    ) async {
        let tuned = configured.filter { $0.brain.tune != nil }
        let names = Set(tuned.map(\.pool.name))
        tuners = tuners.filter { names.contains($0.key) }
        guard !tuned.isEmpty, seconds >= Double(interval) / 2 else { return }
        var servers: [String: [PoolInterval.Server]] = [:]
        var pools: [String: TrafficGatherer.Row] = [:]
        for row in rows where row.requests > 0 {
            if let (pool, address) = row.subject.server {
                servers[pool, default: []].append(PoolInterval.Server(row, address))
            } else if row.subject.kind == .pool {
                pools[row.subject.plainName] = row
            }
        }
        for (pool, brain) in tuned {
            guard let row = pools[pool.name], let tune = brain.tune, !turning.contains(pool.name) else { continue }
            await observe(PoolInterval(row, servers[pool.name] ?? []), pool, TuningBounds(tune), at: time)
        }
    }

    private func observe(
        _ interval: PoolInterval, _ pool: Blueprint.Pool, _ bounds: TuningBounds, at time: Double
    ) async {
        guard let base = acts.configured(pool.name)?.pool else { return }
        let isInDoubt = isInDoubt(about: pool)
        let step = tuners[pool.name, default: PoolTuner()].observe(
            interval, PoolSettings(pool), within: bounds, carried: minds[pool.name]?.curve.estimate,
            weight: Double(base.servers.reduce(0) { $0 + $1.weight }), isInDoubt: isInDoubt)
        switch step {
        case .change(let change): await turn(change, pool, at: time)
        case .kept(_, let outcome):
            if let id = trials.removeValue(forKey: pool.name) { book.close(id, outcome) }
        case nil: return
        }
    }

    /// Incidents, drains, servers that came or went: what changes now does not change for what was tuned.
    private func isInDoubt(about pool: Blueprint.Pool) -> Bool {
        let servers = available(pool)
        let before = present.updateValue(servers, forKey: pool.name)
        let hasIncident = watch.log.open.contains { incident in
            incident.subject[.pool] == pool.name || incident.subject.values.isEmpty
        }
        return hasIncident || draining.contains(pool.name) || (before ?? servers) != servers
    }

    private func turn(_ change: TuningChange, _ pool: Blueprint.Pool, at time: Double) async {
        turning.insert(pool.name)
        defer { turning.remove(pool.name) }
        if change.isReversal, let id = trials.removeValue(forKey: pool.name) {
            book.close(id, "taken back: \(change.reason)")
        }
        let told = book.add(
            .tuning, "pools/\(pool.name)", (change.isReversal ? "take back " : "tune ") + change.text,
            value: change.value, confidence: change.confidence, reason: change.reason,
            expiry: Self.trialLength * Double(interval), at: time)
        let problem = await acts.tune(pool.name, to: change.after, because: change.text)
        if let problem {
            tuners[pool.name]?.refused(change)
            log.warning("pool could not be tuned", ["pool": pool.name, "change": change.text, "reason": problem])
        } else {
            tuners[pool.name]?.applied(change)
            log.notice("pool is tuned", ["pool": pool.name, "change": change.text, "reason": change.reason])
        }
        guard let told else { return }
        guard problem == nil else { return close(told.id, "not done: \(problem ?? "")") }
        let (before, after) = change.words
        close(told.id, change.isReversal ? "done" : "done, on trial", Step(told.subject, from: before, to: after))
        if !change.isReversal { trials[pool.name] = told.id }
    }
}

extension PoolInterval {
    fileprivate init(_ row: TrafficGatherer.Row, _ servers: [Server]) {
        self.init(
            requests: row.requests, errors: row.errors, latency: row.meanLatency ?? 0, p50: row.meanP50,
            p99: row.meanP99, servers: servers)
    }
}

extension PoolInterval.Server {
    fileprivate init(_ row: TrafficGatherer.Row, _ address: String) {
        self.init(
            name: address, attempts: row.requests, failures: row.errors, latency: row.meanLatency ?? 0,
            p99: row.meanP99)
    }
}
