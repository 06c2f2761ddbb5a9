package import AyaCore

/// Which tactic serves a pool best, found out on its own traffic.
///
/// About one pick in a hundred follows another tactic than the present one; how these requests fare is compared with
/// how the others do, and the pool changes over when another is better by more than chance and a margin. Never does all
/// traffic move to find out: bandits that do lose more by looking than they gain (docs/decisions/0030).
///
/// Nothing is carried along with a request. How it fares depends on the server and the moment alone, so an outcome
/// belongs to the trial that sent a request to that server at that moment.
package struct Selection {
    /// Picks that try another tactic, over all of them.
    private static let exploration = 0.01
    /// A window lasts at least so many picks and so long; with each, older outcomes count a little less, unless too few
    /// would be left: what is known to be bad is tried seldom and stays known.
    private static let windowPicks = 1_500
    private static let windowLength = Interval.seconds(1)
    private static let fading = 0.97
    /// Below, a tactic has not been seen enough to be judged.
    private static let enough = 30.0
    /// Windows that a tactic stays.
    private static let leastStay = 3
    /// A rival must be better by this much, in natural logarithms, and by so many standard errors: it is compared over
    /// and over, and chance gets as many tries.
    private static let margin = 0.1
    private static let certainty = 3.5
    /// Trials that are waited for; one older than this is given up.
    private static let mostTrials = 32
    private static let patience = Interval.seconds(30)
    /// One in so many outcomes of the present tactic is counted.
    private static let thinning = 8

    private struct Trial {
        var server: Int32
        var tactic: Tactic
        var began: Instant
    }

    package private(set) var tactic = Tactic.soonest
    /// The latest.
    package private(set) var change: Change?
    private var scores: ContiguousArray<TacticScore>
    private var trials: ContiguousArray<Trial> = []
    /// Picks until the next trial.
    private var untilTrial: Int
    private var untilSample = Selection.thinning
    private var window = (began: Instant(nanoseconds: 0), picks: 0, index: 0)
    /// When the present tactic took over: what began before says nothing of it.
    private var since = Instant(nanoseconds: 0)
    private var stay = 0
    private var hasKey = false

    /// - Parameter servers: of fewer than two, there is nothing to choose.
    package init(servers: Int) {
        scores = ContiguousArray(repeating: TacticScore(), count: Tactic.allCases.count)
        trials.reserveCapacity(Self.mostTrials)
        untilTrial = servers > 1 ? Self.windowPicks / 10 : .max
    }

    /// The tactic of one pick, most often the present one.
    @inline(__always)
    package mutating func next(_ request: PickRequest, _ random: inout RandomSource) -> (tactic: Tactic, isTrial: Bool)
    {
        untilTrial &-= 1
        guard untilTrial <= 0 else { return (tactic, false) }
        return (trial(request, &random), true)
    }

    /// The server that a trial got.
    package mutating func began(_ tried: Tactic, on server: Int, _ now: Instant) {
        guard tried != tactic, trials.count < Self.mostTrials else { return }
        trials.append(Trial(server: Int32(truncatingIfNeeded: server), tactic: tried, began: now))
    }

    @inline(__always)
    package mutating func observe(_ server: Int, _ observation: Observation) {
        untilSample &-= 1
        guard !trials.isEmpty || untilSample <= 0 else { return }
        note(server, observation)
    }

    private mutating func note(_ server: Int, _ observation: Observation) {
        let began = observation.began
        let isFailure = observation.outcome == .failure
        if let index = trials.firstIndex(where: { Int($0.server) == server && $0.began == began }) {
            scores[Int(trials[index].tactic.rawValue)].add(observation.latency.seconds, isFailure: isFailure)
            trials.remove(at: index)
        } else if untilSample <= 0, began >= since {
            untilSample = Self.thinning
            scores[Int(tactic.rawValue)].add(observation.latency.seconds, isFailure: isFailure)
        }
    }

    private mutating func trial(_ request: PickRequest, _ random: inout RandomSource) -> Tactic {
        hasKey = request.key != 0
        closeWindow(request.now)
        let shares = shares
        let whole = shares.reduce(0, +)
        // Between nothing and twice the distance, so that no rhythm of the traffic meets the trials' own.
        let chance = Double(random.next() >> 11) * 0x1p-53
        let gap = max(1, Int(2 * chance / max(whole, 1e-4)))
        window.picks += gap
        untilTrial = gap
        var place = Double(random.next() >> 11) * 0x1p-53 * whole
        for (index, share) in shares.enumerated() {
            place -= share
            if place < 0, let tactic = Tactic(rawValue: UInt8(truncatingIfNeeded: index)) { return tactic }
        }
        return tactic
    }

    /// Of all picks, for each tactic: little for those known to be bad.
    private var shares: ContiguousArray<Double> {
        let each = Self.exploration / Double(Tactic.allCases.count - 1)
        let present = scores[Int(tactic.rawValue)].loss
        return ContiguousArray(
            Tactic.allCases.map { other in
                guard other != tactic, other != .consistentHash || hasKey else { return 0 }
                let score = scores[Int(other.rawValue)]
                guard score.count >= Self.enough else { return each }
                let worse = score.loss - present
                return worse < 0.3 ? each : worse < 1 ? each / 3 : each / 12
            })
    }

    private mutating func closeWindow(_ now: Instant) {
        guard window.picks >= Self.windowPicks, now - window.began >= Self.windowLength else { return }
        trials.removeAll { now - $0.began > Self.patience }
        window = (began: now, picks: 0, index: window.index + 1)
        stay += 1
        compare(now)
        for index in scores.indices where scores[index].count * Self.fading > Self.enough {
            scores[index].fade(by: Self.fading)
        }
    }

    private mutating func compare(_ now: Instant) {
        let present = scores[Int(tactic.rawValue)]
        guard stay >= Self.leastStay, present.count >= Self.enough else { return }
        var best = tactic
        var least = present.loss
        for other in Tactic.allCases where other != tactic && (other != .consistentHash || hasKey) {
            let score = scores[Int(other.rawValue)]
            if score.count >= Self.enough, score.loss < least { (best, least) = (other, score.loss) }
        }
        guard best != tactic else { return }
        let rival = scores[Int(best.rawValue)]
        let doubt = (rival.doubt * rival.doubt + present.doubt * present.doubt).squareRoot()
        guard rival.loss + Self.certainty * doubt < present.loss - Self.margin else { return }
        change = Change(
            from: tactic, to: best, moment: now, p99: (present.p99, rival.p99),
            failureShare: (present.failureShare, rival.failureShare), samples: Int(rival.count))
        tactic = best
        since = now
        stay = 0
        trials.removeAll(keepingCapacity: true)
    }
}
