internal import AyaAdmin
internal import AyaBalance
internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaProxy

extension Brain {
    /// A day of minutes teaches detectors what is usual; more series than this wait for their own.
    private static let recalledMinutes = 1_440
    private static let recalledPools = 200

    /// Learns again, from history, what was known before the restart.
    func recall(now: Int64) async {
        let end = now - now % 60
        let span = Span(.minute, from: end - Int64(Self.recalledMinutes) * 60, to: end)
        for (pool, _) in configured.prefix(Self.recalledPools) {
            let subject = AyaHistory.Subject.pool(pool.name)
            let columns: [(AyaBrain.SeriesName.Measure, Metric)] = [
                (.requests, .requests), (.errors, .errors), (.latency, .latencyMean),
            ]
            let values = await history.values(of: columns.map { .init(subject, $0.1) }, span)
            for (measure, metric) in columns {
                let series = AyaBrain.SeriesName(measure, of: AyaBrain.Subject([.pool: pool.name]))
                for (index, value) in (values[.init(subject, metric)] ?? []).enumerated() where value.isFinite {
                    let sample = AyaBrain.Sample(time: Double(span.start + Int64(index) * 60), value: Double(value))
                    // What was unusual then has been told.
                    watch.learn(sample, of: series)
                }
            }
            let pools = columns.compactMap { values[.init(subject, $0.1)] }
            for index in 0..<span.count where pools.count == columns.count {
                recall(subject, requests: pools[0][index], errors: pools[1][index], latency: pools[2][index])
            }
            await recallServers(of: pool, span)
            await Task.yield()
        }
    }

    /// What a subject usually does in an interval, from a minute's rates.
    private func recall(_ subject: AyaHistory.Subject, requests: Float, errors: Float, latency: Float) {
        guard requests > 0, errors >= 0 else { return }
        let seconds = Double(interval)
        var row = TrafficGatherer.Row(subject: subject)
        row.requests = seconds * Double(requests)
        row.errors = seconds * Double(errors)
        row.latency = latency > 0 ? row.requests * Double(latency) : 0
        slices.learn(row)
    }

    private func recallServers(of pool: Blueprint.Pool, _ span: Span) async {
        let metrics: [Metric] = [.requests, .errors, .latencyMean]
        var minutes = [[ServerInterval]](repeating: [], count: span.count)
        for server in pool.servers {
            let subject = AyaHistory.Subject.server("\(server.address)", of: pool.name)
            let values = await history.values(of: metrics.map { .init(subject, $0) }, span)
            let columns = metrics.compactMap { values[.init(subject, $0)] }
            guard columns.count == 3 else { continue }
            for index in 0..<span.count {
                let (requests, errors) = (Double(columns[0][index]), Double(columns[1][index]))
                let latency = Double(columns[2][index])
                guard requests > 0, errors >= 0 else { continue }
                recall(subject, requests: columns[0][index], errors: columns[1][index], latency: columns[2][index])
                minds[pool.name, default: PoolMind()].recall(
                    throughput: requests / Double(max(1, server.weight)), latency: latency,
                    failures: min(1, errors / requests))
                minutes[index].append(
                    ServerInterval(
                        server: "\(server.address)", attempts: 60 * requests, failures: 60 * min(errors, requests),
                        latency: latency))
            }
        }
        guard pool.brain?.precursors != .off else { return }
        for intervals in minutes { minds[pool.name]?.recall(intervals, length: 60 / Double(serverInterval)) }
    }

    private static func words(_ responses: Set<Blueprint.Brain.Response>?) -> String {
        guard let responses else { return "off" }
        let words = Blueprint.Brain.Response.allCases.filter(responses.contains).map(\.rawValue)
        return words.isEmpty ? "alert" : words.joined(separator: ", ")
    }

    func state() -> BrainState {
        let (busy, uptime) = effort
        return BrainState(
            pools: acts.blueprint.pools.map(state), watched: watch.seriesCount, openIncidents: watch.log.open.count,
            busy: busy, uptime: uptime)
    }

    private func state(of pool: Blueprint.Pool) -> BrainState.Pool {
        guard let brain = pool.brain else { return BrainState.Pool(name: pool.name, functions: []) }
        let mind = minds[pool.name]
        let capacity = mind.flatMap { mind in
            mind.curve.estimate.map { estimate in
                BrainState.Capacity(
                    throughput: estimate.throughput, isSeen: estimate.isSeen, quietLatency: estimate.quietLatency,
                    confidence: estimate.confidence,
                    curve: mind.curve.points.map { ($0.throughput, $0.latency, $0.failures) })
            }
        }
        let record = mind.flatMap { mind -> BrainState.Record? in
            guard let error = mind.record.relativeError, let coverage = mind.record.coverage80 else { return nil }
            return BrainState.Record(outcomes: mind.record.outcomes, relativeError: error, coverage80: coverage)
        }
        let reports = tactics[pool.name] ?? []
        return BrainState.Pool(
            name: pool.name,
            functions: [
                ("forecast", brain.forecast ? "on" : "off"), ("anomalies", Self.words(brain.anomalies)),
                ("precursors", brain.precursors.rawValue),
                (
                    "capacity",
                    brain.capacity?.summary ?? "off"
                ),
                ("tune", brain.tune.map { TuningBounds($0).names } ?? "off"),
            ], capacity: capacity, tactics: reports.map { $0?.to.name ?? "soonest" },
            tacticReason: reports.compactMap { $0 }.last?.explanation, forecast: record)
    }
}

extension BrainAdvice {
    init(_ advice: Advice) {
        self.init(
            id: advice.id, time: advice.time, kind: advice.kind.rawValue, subject: advice.subject,
            action: advice.action, value: advice.value, confidence: advice.confidence, reason: advice.reason,
            expiry: advice.expiry, outcome: advice.outcome)
    }
}

extension BrainIncident {
    init(_ incident: Incident) {
        self.init(
            id: incident.id, subject: "\(incident.subject)", began: incident.began, lastAlarm: incident.lastAlarm,
            ended: incident.ended, alarms: incident.alarmCount, score: incident.worst,
            evidence: incident.evidence.map { "\($0.series)" },
            culprits: incident.culprits.map { culprit in
                Culprit(
                    dimension: culprit.dimension.rawValue, value: culprit.value, share: culprit.share,
                    before: culprit.before, during: culprit.during)
            })
    }
}
