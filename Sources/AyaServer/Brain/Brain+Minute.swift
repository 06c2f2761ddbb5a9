internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaTelemetry

/// What the brain does in each of its intervals, a minute where the configuration says nothing else.
extension Brain {
    /// Below so many requests, a mean latency says nothing.
    private static let tellingRequests = 20.0
    /// Intervals for which advice about an incident holds.
    static let holding = 10.0
    /// Intervals between two forecasts of a pool that nobody scales.
    private static let forecastPace: Int64 = 15

    func lookAgain(at time: Int64) async {
        let configured = configured
        let (rows, seconds) = minute.take()
        // An interval of which less than half was seen, as after a start, is compared with nothing.
        if seconds >= Double(interval) / 2 { lookForAnomalies(rows, seconds, configured, at: Double(time)) }
        await tune(rows, seconds, configured, at: Double(time))
        await lookAtLimits(at: time)
        let names = Set(configured.map(\.pool.name))
        minds = minds.filter { names.contains($0.key) }
        rises = rises.filter { names.contains($0.key) }
        let scaled = Set(configured.filter { $0.brain.capacity != nil }.map(\.pool.name))
        await acts.scaler.keep(scaled)
        acts.board.keep(scaled)
        for (index, (pool, brain)) in configured.enumerated() where brain.forecast || brain.capacity != nil {
            // Those that are scaled each time, the others in turn.
            let isDue = (time / interval + Int64(index)) % Self.forecastPace == 0
            guard brain.capacity != nil || isDue else { continue }
            await lookAhead(pool, brain, at: time)
        }
    }

    // MARK: anomalies

    private func lookForAnomalies(
        _ rows: [TrafficGatherer.Row], _ seconds: Double,
        _ configured: [(pool: Blueprint.Pool, brain: Blueprint.Brain)], at time: Double
    ) {
        let responses = Dictionary(
            configured.compactMap { one in one.brain.anomalies.map { (one.pool.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        guard !responses.isEmpty else { return }
        for row in rows {
            guard let subject = row.subject.watched else { continue }
            if let pool = subject[.pool], responses[pool] == nil { continue }
            observe(row, subject, seconds, at: time, rows)
        }
        slices.learn(rows)
        for over in watch.advance(to: time) {
            log.notice("incident is over", ["id": "\(over.id)", "subject": "\(over.subject)"])
        }
    }

    private func observe(
        _ row: TrafficGatherer.Row, _ subject: AyaBrain.Subject, _ seconds: Double, at time: Double,
        _ rows: [TrafficGatherer.Row]
    ) {
        var measures: [(AyaBrain.SeriesName.Measure, Double)] = [
            (.requests, row.requests / seconds), (.errors, row.errors / seconds),
        ]
        if row.subject.kind != .route { measures.append((.bytes, row.bytes / seconds)) }
        if row.requests >= Self.tellingRequests, let latency = row.meanLatency { measures.append((.latency, latency)) }
        for (measure, value) in measures {
            let series = AyaBrain.SeriesName(measure, of: subject)
            guard let outcome = watch.observe(AyaBrain.Sample(time: time, value: value), of: series) else { continue }
            tell(outcome, series, rows, at: time)
        }
    }

    private func tell(
        _ outcome: IncidentLog.Outcome, _ series: AyaBrain.SeriesName, _ rows: [TrafficGatherer.Row], at time: Double
    ) {
        let isNews =
            switch outcome {
            case .opened, .reopened: true
            // Errors that follow a rush may be reason to act where the rush was none.
            case .joined(let incident): incident.evidence.contains { $0.series == series && $0.sample.time == time }
            }
        let id = outcome.incident.id
        if isNews || outcome.incident.culprits.isEmpty {
            watch.explain(id, by: slices.slices(of: series.measure, outcome.incident.subject, rows))
        }
        guard isNews, let incident = watch.log.incidents.first(where: { $0.id == id }) else { return }
        let pool = Self.pool(of: incident)
        let measures = Set(incident.evidence.map(\.series.measure))
        if let pool, mayQuarantine(in: pool), !measures.isDisjoint(with: [.requests, .bytes]) {
            Task { await lookAtClients(of: pool, id, at: time) }
        }
        for advice in policy(for: pool).advice(for: incident, in: pool) { follow(advice, incident, pool, at: time) }
    }

    private func mayQuarantine(in pool: String) -> Bool {
        configured.first { $0.pool.name == pool }?.brain.anomalies?.contains(.quarantine) == true
    }

    private func policy(for pool: String?) -> ResponsePolicy {
        var policy = ResponsePolicy()
        policy.expiry = Self.holding * Double(interval)
        guard let pool, let responses = configured.first(where: { $0.pool.name == pool })?.brain.anomalies else {
            return policy
        }
        policy.ejectsServers = responses.contains(.eject)
        policy.tightensLimits = responses.contains(.tighten)
        if responses.contains(.rollBack) { policy.canaries = [pool] }
        return policy
    }

    /// Where the trouble is: what concerns all of Aya may well be that of its only pool that is unwell.
    private static func pool(of incident: Incident) -> String? {
        if let pool = incident.subject[.pool] { return pool }
        let unwell = Set(
            incident.evidence.compactMap { alarm in
                [.errors, .latency].contains(alarm.series.measure) ? alarm.series.subject[.pool] : nil
            })
        return unwell.count == 1 ? unwell.first : nil
    }

    func follow(_ advice: IncidentAdvice, _ incident: Incident, _ pool: String?, at time: Double) {
        let told = book.add(
            .anomaly, Self.name(of: incident.subject), Self.words(advice.action, incident),
            confidence: advice.confidence, reason: advice.reason, expiry: advice.expiry, at: time)
        guard let told else { return }
        Task {
            let (outcome, step) = await act(on: advice, in: pool)
            close(told.id, outcome, step)
            log.warning(
                "incident",
                [
                    "id": "\(incident.id)", "subject": "\(incident.subject)", "advice": told.action,
                    "outcome": outcome, "reason": advice.reason,
                ])
        }
    }

    private func act(on advice: IncidentAdvice, in pool: String?) async -> (outcome: String, step: Step?) {
        switch advice.action {
        case .alert: return ("told", nil)
        case .quarantineClient(let client): return await quarantine(client, for: advice.expiry)
        case .ejectServer(let server):
            guard let pool else { return ("not ejected: its pool is not known", nil) }
            let before = acts.state(of: server, in: pool)
            let outcome = acts.eject(server, of: pool)
            return (outcome, Step("servers/\(pool)/\(server)", from: before, to: acts.state(of: server, in: pool)))
        case .rollBack(let pool):
            return (await acts.withdraw(pool), Step("pools/\(pool)", from: "on trial", to: "without traffic"))
        case .tightenLimits:
            guard let pool else { return ("not tightened: its pool is not known", nil) }
            let usual = slices.usuallyAtOnce(.pool(pool), in: Double(interval))
            let limit = max(2, Int((2 * usual).rounded(.up)))
            let outcome = await acts.tighten(pool, to: limit, for: .seconds(advice.expiry))
            return (outcome, Step("limit of \(pool)", from: "as configured", to: "\(limit) at once"))
        }
    }

    private static func words(_ action: IncidentAdvice.Action, _ incident: Incident) -> String {
        switch action {
        case .alert: "look at \(incident.subject)"
        case .ejectServer(let server): "eject \(server)"
        case .quarantineClient(let client): "quarantine \(client)"
        case .rollBack(let pool): "roll back \(pool)"
        case .tightenLimits: "tighten limits"
        }
    }

    /// As series call it.
    static func name(of subject: AyaBrain.Subject) -> String {
        if let pool = subject[.pool] { return subject[.server].map { "servers/\(pool)/\($0)" } ?? "pools/\(pool)" }
        if let route = subject[.route] { return "routes/\(route)" }
        return "aya"
    }
}
