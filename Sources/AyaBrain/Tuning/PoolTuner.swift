internal import Glibc

/// Tunes one pool: turns one knob at a time, sees what comes of it, and takes it back when it did harm.
///
/// Bounds are the operator's. One change at a time, so that its effect is its own; at most some a day; a knob that had to
/// be turned back rests longer each time. In doubt (an incident, servers that come and go, load that changes) nothing is
/// turned, and what is on trial is taken back when the doubt lasts. Whoever wants to steer it with traffic can do no
/// more than have it turn a knob within its bounds, and back.
package struct PoolTuner: Sendable {
    /// Counted in intervals.
    package struct Policy: Sendable, Equatable {
        /// After a change, before its effect is looked at.
        package var settling = 1
        /// Of a knob, between two changes that were kept.
        package var rest = 10
        /// After a change that was taken back, the first time; twice as long each time.
        package var penalty = 60
        package var mostPenalty = 1_440
        /// Changes of the last `day`.
        package var mostChanges = 24
        package var day = 1_440
        /// Intervals of doubt that end a trial.
        package var patience = 5
        /// By how much the loss must have grown, besides what may be chance.
        package var tolerance = 0.05

        package init() {}
    }

    private struct Trial: Sendable {
        var change: TuningChange
        var before: [Double]
        var rate: Double
        var after: [Double] = []
        var settling: Int
        var doubts = 0
    }

    private let policy: Policy
    private var evidence = TuningEvidence()
    private var trial: Trial?
    private var now = 0
    private var restsUntil: [Knob: Int] = [:]
    private var penalties: [Knob: Int] = [:]
    private var changes: [Int] = []
    private var outcomes = (kept: 0.0, all: 0.0)
    private var turn = 0

    package init(policy: Policy = Policy()) { self.policy = policy }

    /// - Parameters:
    ///   - settings: in effect during the interval.
    ///   - carried: what one server of weight one carries, where that is known.
    ///   - weight: of all servers together, by the configuration.
    ///   - isInDoubt: something else is going on.
    package mutating func observe(
        _ interval: PoolInterval, _ settings: PoolSettings, within bounds: TuningBounds,
        carried: CapacityCurve.Estimate? = nil, weight: Double = 0, isInDoubt: Bool = false
    ) -> TuningStep? {
        now += 1
        // Somebody else has set it meanwhile: there is nothing to judge any more.
        if let change = trial?.change, settings.text(of: change.knob) != change.after.text(of: change.knob) {
            trial = nil
            evidence.forgetRecent()
        }
        guard interval.isTelling, !isInDoubt else {
            evidence.forgetRecent()
            return trial == nil ? nil : doubt(settings)
        }
        evidence.add(interval)
        if trial != nil { return judge(interval, settings) }
        changes.removeAll { now - $0 > policy.day }
        guard evidence.isWhole, changes.count < policy.mostChanges, isCalm else { return nil }
        return propose(settings, bounds, carried, weight: weight).map { .change($0) }
    }

    /// The change was made: it is on trial from now on.
    package mutating func applied(_ change: TuningChange) {
        changes.append(now)
        guard !change.isReversal else { return evidence.forgetRecent() }
        trial = Trial(
            change: change, before: evidence.recent.map(\.loss), rate: Self.rate(evidence.recent),
            settling: policy.settling)
        evidence.forgetRecent()
    }

    /// The change could not be made.
    package mutating func refused(_ change: TuningChange) { punish(change.knob) }

    // MARK: proposing

    private mutating func propose(
        _ settings: PoolSettings, _ bounds: TuningBounds, _ carried: CapacityCurve.Estimate?, weight: Double
    ) -> TuningChange? {
        let knobs = Knob.allCases
        for step in knobs.indices {
            let knob = knobs[(turn + step) % knobs.count]
            guard let range = bounds[knob], now >= restsUntil[knob] ?? 0 else { continue }
            let proposal =
                switch knob {
                case .weights: evidence.weights(settings, within: range)
                case .concurrency: evidence.concurrency(settings, carried, weight: weight, within: range)
                case .responseTimeout: evidence.responseTimeout(settings, within: range)
                case .outlierLatency: evidence.outlierLatency(settings, within: range)
                case .retryBudget: evidence.retryBudget(settings, within: range)
                case .hedgeAfter: evidence.hedgeAfter(settings, within: range)
                }
            guard let proposal else { continue }
            turn = (turn + step + 1) % knobs.count
            return TuningChange(
                knob: knob, before: settings, after: proposal.settings, reason: proposal.reason,
                confidence: (outcomes.kept + 1) / (outcomes.all + 2))
        }
        return nil
    }

    /// Load that changes by half within the intervals would be taken for the change's effect.
    private var isCalm: Bool {
        let rates = evidence.recent.map(\.requests)
        guard let least = rates.min(), let most = rates.max() else { return false }
        return most < 1.5 * least
    }

    // MARK: judging

    private mutating func judge(_ interval: PoolInterval, _ settings: PoolSettings) -> TuningStep? {
        guard var trial else { return nil }
        if trial.settling > 0 {
            trial.settling -= 1
            self.trial = trial
            return nil
        }
        guard abs(log(interval.requests / trial.rate)) < log(1.5) else { return doubt(settings) }
        trial.after.append(interval.loss)
        self.trial = trial
        let (before, after) = (Self.moments(trial.before), Self.moments(trial.after))
        let chance = ((before.variance + after.variance) / Double(trial.after.count)).squareRoot()
        let growth = after.mean - before.mean
        // What is far worse need not be looked at for long.
        let isFarWorse = interval.loss - before.mean > 1 + 4 * before.variance.squareRoot()
        guard isFarWorse || trial.after.count >= TuningEvidence.recentIntervals else { return nil }
        let isWorse = isFarWorse || growth > policy.tolerance + 2 * chance
        outcomes.all += 1
        if isWorse {
            return takeBack(settings, "it made things worse: tail, mean and errors by \(Self.percent(growth))")
        }
        outcomes.kept += 1
        self.trial = nil
        let knob = trial.change.knob
        let isBetter = growth < -policy.tolerance - 2 * chance
        // A step that helped may well be followed by another.
        restsUntil[knob] = isBetter ? now : now + policy.rest
        penalties[knob] = nil
        let words =
            isBetter
            ? "kept: tail, mean and errors are better by \(Self.percent(-growth))" : "kept: nothing is worse for it"
        return .kept(knob, words)
    }

    private mutating func doubt(_ settings: PoolSettings) -> TuningStep? {
        guard var trial else { return nil }
        trial.doubts += 1
        self.trial = trial
        guard trial.doubts >= policy.patience else { return nil }
        return takeBack(settings, "what came of it can not be told from what else went on")
    }

    private mutating func takeBack(_ settings: PoolSettings, _ reason: String) -> TuningStep? {
        guard let change = trial?.change else { return nil }
        trial = nil
        punish(change.knob)
        return .change(
            TuningChange(
                knob: change.knob, before: settings, after: settings.taking(change.knob, from: change.before),
                reason: reason, confidence: 1, isReversal: true))
    }

    private mutating func punish(_ knob: Knob) {
        let penalty = min(penalties[knob].map { 2 * $0 } ?? policy.penalty, policy.mostPenalty)
        penalties[knob] = penalty
        restsUntil[knob] = now + penalty
    }

    private static func rate(_ intervals: [PoolInterval]) -> Double {
        intervals.reduce(0) { $0 + $1.requests } / Double(max(1, intervals.count))
    }

    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        guard !values.isEmpty else { return (0, 0) }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(max(1, values.count - 1)))
    }

    /// Of a difference of logarithms.
    private static func percent(_ growth: Double) -> String {
        "\(Int((100 * (exp(min(growth, 10)) - 1)).rounded())) %"
    }
}
