internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaTelemetry

/// What the brain does every minute.
extension Brain {
    /// Below so many requests a minute, a mean latency says nothing.
    private static let tellingRequests = 20.0
    private static let tellingSeconds = 30.0
    /// Minutes between two forecasts of a pool that nobody scales.
    private static let forecastPace: Int64 = 15

    func lookAgain(at time: Int64) async {
        let configured = configured
        let (rows, seconds) = minute.take()
        // A minute of which less was seen, as after a start, is compared with nothing.
        if seconds >= Self.tellingSeconds { lookForAnomalies(rows, seconds, configured, at: Double(time)) }
        await lookAtLimits(at: time)
        let names = Set(configured.map(\.pool.name))
        minds = minds.filter { names.contains($0.key) }
        rises = rises.filter { names.contains($0.key) }
        let scaled = Set(configured.filter { $0.brain.capacity != nil }.map(\.pool.name))
        await acts.scaler.keep(scaled)
        acts.board.keep(scaled)
        for (index, (pool, brain)) in configured.enumerated() where brain.forecast || brain.capacity != nil {
            // Those that are scaled each minute, the others in turn.
            let isDue = (time / 60 + Int64(index)) % Self.forecastPace == 0
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
            configured.map { ($0.pool.name, $0.brain.anomalies) }, uniquingKeysWith: { first, _ in first })
        guard responses.values.contains(where: { $0 != .off }) else { return }
        for row in rows {
            guard let subject = row.subject.watched else { continue }
            if let pool = subject[.pool], responses[pool] ?? .off == .off { continue }
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
            tell(outcome, measure, rows, at: time)
        }
    }

    private func tell(
        _ outcome: IncidentLog.Outcome, _ measure: AyaBrain.SeriesName.Measure, _ rows: [TrafficGatherer.Row],
        at time: Double
    ) {
        let isNews =
            switch outcome {
            case .opened, .reopened: true
            case .joined: false
            }
        let id = outcome.incident.id
        if isNews || outcome.incident.culprits.isEmpty {
            watch.explain(id, by: slices.slices(of: measure, outcome.incident.subject, rows))
        }
        guard isNews, let incident = watch.log.incidents.first(where: { $0.id == id }) else { return }
        var policy = ResponsePolicy()
        let pool = incident.subject[.pool]
        policy.ejectsServers = configured.first { $0.pool.name == pool }?.brain.anomalies == .eject
        for advice in policy.advice(for: incident) { follow(advice, incident, pool, at: time) }
    }

    private func follow(_ advice: IncidentAdvice, _ incident: Incident, _ pool: String?, at time: Double) {
        let subject = Self.name(of: incident.subject)
        let action: String
        var outcome = "told"
        var step: Step?
        switch advice.action {
        case .alert:
            action = "look at \(incident.subject)"
            log.warning(
                "incident", ["id": "\(incident.id)", "subject": "\(incident.subject)", "reason": advice.reason])
        case .ejectServer(let server):
            action = "eject \(server)"
            let before = pool.map { acts.state(of: server, in: $0) } ?? ""
            outcome = pool.map { acts.eject(server, of: $0) } ?? "not ejected: its pool is not known"
            step = pool.map { Step("servers/\($0)/\(server)", from: before, to: acts.state(of: server, in: $0)) }
        case .quarantineClient(let client): action = "quarantine \(client)"
        case .rollBack(let pool): action = "roll back \(pool)"
        case .tightenLimits: action = "tighten limits"
        }
        let told = book.add(
            .anomaly, subject, action, confidence: advice.confidence, reason: advice.reason, expiry: advice.expiry,
            at: time)
        if let told { close(told.id, outcome, step) }
    }

    /// As series call it.
    static func name(of subject: AyaBrain.Subject) -> String {
        if let pool = subject[.pool] { return subject[.server].map { "servers/\(pool)/\($0)" } ?? "pools/\(pool)" }
        if let route = subject[.route] { return "routes/\(route)" }
        return "aya"
    }
}
