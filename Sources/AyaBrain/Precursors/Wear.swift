internal import Glibc

/// How much a server leaves its own habits, compared with its neighbours: two cumulative sums (Page, "Continuous
/// inspection schemes", 1954), which see a small change that stays and forgive a large one that passes.
///
/// What all servers have in common, a busy hour or a slow database, cancels out because only the difference to the
/// neighbours counts. The habits are learnt only while there is no doubt, so that a slow decline does not become one.
struct Wear: Sendable {
    /// Standard deviations a change must have, to count at all, and the most that one interval may contribute.
    private static let allowance = 0.75
    private static let most = 4.0
    /// The ratio to the usual failures that is looked for, and failures that are nothing to speak of.
    private static let ratio = 4.0
    private static let harmless = 0.000_2
    private static let warmUp = 60.0
    private static let memory = 720.0

    /// Logarithm of the latency as a multiple of the neighbours', and its variance.
    private var habit = 0.0
    private var variance = 0.0
    private var usualFailures = 0.0
    private var count = 0.0
    /// Of the latency in standard deviations, of the failures in nats.
    private(set) var drift = 0.0
    private(set) var failing = 0.0
    /// The latency as a multiple of what it would be by habit, smoothed.
    private(set) var slowdown = 1.0
    private(set) var failureShare = 0.0

    /// - Parameters:
    ///   - peers: the median latency of the neighbours, and their share of failures.
    ///   - doubt: the sum from which on nothing is learnt any more.
    mutating func observe(_ interval: ServerInterval, peers: (latency: Double, failures: Double), doubt: Double) {
        let relative = log(interval.latency) - log(peers.latency)
        let share = interval.failures / interval.attempts
        failureShare += 0.2 * (share - failureShare)
        count += 1
        guard count > Self.warmUp else {
            learn(relative, share, at: 1 / count)
            return
        }
        let deviation = max(variance.squareRoot(), 0.02)
        let score = min(max((relative - habit) / deviation, -Self.most), Self.most)
        drift = max(0, drift + score - Self.allowance)
        slowdown += 0.2 * (exp(min(relative - habit, 10)) - slowdown)
        let usual = max(usualFailures, peers.failures, Self.harmless)
        let likelihood = interval.failures * log(Self.ratio) - (Self.ratio - 1) * usual * interval.attempts
        failing = max(0, failing + min(likelihood, Self.most))
        if drift < doubt, failing < doubt, abs(score) < 3 { learn(relative, share, at: 1 / min(count, Self.memory)) }
    }

    /// Learns from the mean of `length` intervals of the past.
    mutating func recall(_ interval: ServerInterval, peers: (latency: Double, failures: Double), length: Double) {
        count += 1
        learn(
            log(interval.latency) - log(peers.latency), interval.failures / interval.attempts,
            at: 1 / min(count, Self.memory), scatter: max(1, length))
    }

    /// The present is the new habit.
    mutating func accept() { self = Wear() }

    private mutating func learn(_ relative: Double, _ share: Double, at rate: Double, scatter: Double = 1) {
        let difference = relative - habit
        habit += rate * difference
        variance += rate * (scatter * difference * difference * (1 - rate) - variance)
        usualFailures += rate * (share - usualFailures)
    }
}
