internal import AyaBalance
internal import AyaBrain
internal import AyaConfig
internal import AyaCore
internal import AyaHistory
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// The learning part at work: reads each second what history takes in, learns from it, and advises. It acts only where
/// the configuration lets it.
///
/// Every minute, or as often as the configuration says, it looks at the series of pools and routes and at the number of
/// servers; six times as often at the servers. Forecasts are spread over fifteen of these intervals, so that a thousand
/// pools are no burst of work.
actor Brain {
    let history: AyaHistory.History
    let acts: BrainActs
    let log: Log
    var gatherer = TrafficGatherer()
    /// Of the minute that runs.
    var minute = TrafficGatherer()
    var minds: [String: PoolMind] = [:]
    var rises: [String: RiseWatch] = [:]
    var watch = AnomalyWatch(capacity: Brain.watchedSeries)
    var slices = SliceMemory()
    var book = AdviceBook()
    /// What workers told of their tactics, by pool.
    var tactics: [String: [TacticReport?]] = [:]
    /// What is under way of one's own accord, so that nothing is done twice.
    var draining: Set<String> = []
    var tuners: [String: PoolTuner] = [:]
    /// Pools that are being changed.
    var turning: Set<String> = []
    /// Advice that is on trial.
    var trials: [String: Int] = [:]
    /// How many servers took work when it was last looked.
    var present: [String: Int] = [:]
    /// Pools whose clients are being counted.
    var counting: Set<String> = []
    /// Requests a second that a client is to be held to.
    var usualRates: [String: Double] = [:]
    var quarantined: [IPAddress: Double] = [:]
    /// Free bytes where state is kept.
    var diskSamples: [AyaBrain.Sample] = []
    /// What of it stands in the store.
    var saved: (advice: Int, incidents: Int) = (0, 0)
    var savedTunings = KeptTunings()
    private(set) var hasResumed = false
    private var latest: Int64?
    private var busy = Duration.zero
    private let began = ContinuousClock.now

    /// 6 KiB each: a thousand pools and as many routes.
    static let watchedSeries = 8_000

    init(_ history: AyaHistory.History, _ acts: BrainActs, log: Log) {
        self.history = history
        self.acts = acts
        self.log = log
    }

    /// The newest second.
    func take(_ frame: Frame) async {
        let start = ContinuousClock.now
        let before = latest ?? frame.time
        latest = frame.time
        // A clock that was set back: what it said before has been seen already.
        guard frame.time >= before else { return }
        if frame.time / serverInterval != before / serverInterval {
            look(at: frame.time)
            if !hasResumed {
                await resumeTuning()
                hasResumed = true
            }
            await save()
        }
        if frame.time / interval != before / interval { await lookAgain(at: frame.time) }
        gatherer.add(frame)
        minute.add(frame)
        busy += ContinuousClock.now - start
    }

    /// Seconds between two looks at series.
    var interval: Int64 { max(1, acts.blueprint.learning.interval.components.seconds) }
    /// The same for servers.
    var serverInterval: Int64 { max(1, interval / 6) }

    /// Share of one processor since the start, as seconds of work and seconds.
    var effort: (busy: Double, uptime: Double) { (busy / .seconds(1), (ContinuousClock.now - began) / .seconds(1)) }

    /// The pools of the configuration that may be learned about, with what may be done.
    var configured: [(pool: Blueprint.Pool, brain: Blueprint.Brain)] {
        acts.blueprint.pools.compactMap { pool in pool.brain.map { (pool, $0) } }
    }

    // MARK: every ten seconds

    private func look(at time: Int64) {
        let (rows, seconds) = gatherer.take()
        guard seconds > 0 else { return }
        var servers: [String: [ServerInterval]] = [:]
        for row in rows {
            guard row.requests > 0, let (pool, address) = row.subject.server else { continue }
            servers[pool, default: []].append(
                ServerInterval(
                    server: address, attempts: row.requests, failures: row.errors, latency: row.meanLatency ?? 0))
        }
        for (pool, brain) in configured {
            guard let intervals = servers[pool.name] else { continue }
            // Those of the configuration: tuned ones say nothing of what a server carries.
            let known = acts.configured(pool.name)?.pool ?? pool
            let weights = Dictionary(
                known.servers.filter { $0.weight > 1 }.map { ("\($0.address)", Double($0.weight)) },
                uniquingKeysWith: { first, _ in first })
            let advice = minds[pool.name, default: PoolMind()].observe(intervals, seconds: seconds, weights: weights)
            guard brain.precursors != .off else { continue }
            for one in advice { warn(one, of: pool.name, brain, at: Double(time)) }
        }
        noteTactics(at: Double(time))
    }

    private func warn(_ advice: DrainAdvice, of pool: String, _ brain: Blueprint.Brain, at time: Double) {
        let reason =
            switch advice.reason {
            case .slowing(let factor): "it answers \(Self.short(factor)) times as slowly as by habit"
            case .failing(let share): "\(Self.short(100 * share)) % of its attempts fail, more than elsewhere"
            }
        let subject = "servers/\(pool)/\(advice.server)"
        guard
            let told = book.add(
                .precursor, subject, "drain", confidence: advice.confidence, reason: reason,
                expiry: Double(advice.expiry) * Double(serverInterval), at: time)
        else { return }
        log.warning("server shows signs of a failure", ["pool": pool, "server": advice.server, "reason": reason])
        guard brain.precursors == .drain else { return close(told.id, "told") }
        // One at a time: a pool is not emptied on suspicion.
        guard draining.insert(pool).inserted else { return close(told.id, "not drained: another server is") }
        let before = acts.state(of: advice.server, in: pool)
        keep(told.id, "draining", .init(subject, from: before, to: "draining"))
        Task {
            let outcome = await acts.drain(advice.server, of: pool, recovery: brain.recovery)
            draining.remove(pool)
            close(told.id, outcome, .init(subject, from: "draining", to: acts.state(of: advice.server, in: pool)))
        }
    }

    private func noteTactics(at time: Double) {
        for shared in acts.pools where shared.blueprint.balance == .auto && shared.blueprint.brain != nil {
            let (pool, board) = (shared.blueprint, shared.board)
            let now = (0..<board.workerCount).map { board.tactic(worker: $0) }
            let before = tactics.updateValue(now, forKey: pool.name) ?? []
            guard now != before else { continue }
            for (worker, report) in now.enumerated() {
                guard let report, worker >= before.count || before[worker] != report else { continue }
                let why = report.explanation
                log.notice("balance changed", ["pool": pool.name, "worker": "\(worker)", "reason": why])
                let told = book.add(
                    .balance, "pools/\(pool.name)", "balance by \(report.to.name) on worker \(worker)",
                    confidence: 0.95, reason: why, expiry: 60, at: time)
                let step = Step(
                    "balance of \(pool.name) on worker \(worker)", from: report.from.name, to: report.to.name)
                if let told { close(told.id, "done", step) }
            }
        }
    }

    /// Three digits that matter.
    static func short(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        if abs(value) >= 100 { return "\(Int(value.rounded()))" }
        let scale = abs(value) >= 10 ? 10.0 : abs(value) >= 1 ? 100.0 : 10_000.0
        return "\((value * scale).rounded() / scale)"
    }
}
