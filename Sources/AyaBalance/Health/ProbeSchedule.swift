package import AyaCore

/// When a server is probed next.
///
/// Probes begin an interval apart, whatever each takes, and vary by a share of it: neither many servers of one Aya nor
/// one server of many Ayas are probed in step.
package struct ProbeSchedule: Sendable, Equatable {
    package var interval: Interval
    /// While the server is down.
    package var fastInterval: Interval
    /// Share of the interval, 0 to 1.
    package var jitter: Double

    package init(interval: Interval, fastInterval: Interval? = nil, jitter: Double) {
        self.interval = max(interval, Self.shortest)
        self.fastInterval = max(fastInterval ?? interval, Self.shortest)
        self.jitter = min(max(jitter, 0), 1)
    }

    /// Below that, probing is a load test.
    private static var shortest: Interval { .milliseconds(10) }
    /// Between the first probes of a pool's servers: soon, but not a thousand at once.
    private static var firstSpacing: Interval { .milliseconds(1) }

    /// The first probe of the server at `position` of `count`: at once, or spread over an interval at most.
    package func first(position: Int, count: Int, now: Instant) -> Instant {
        let even = interval.nanoseconds / Int64(max(1, count))
        return now + Interval(nanoseconds: min(even, Self.firstSpacing.nanoseconds) &* Int64(max(0, position)))
    }

    /// The one after a probe that began at `began` and is over by `now`. `doubt`: how many results in a row would turn
    /// the verdict, when the latest spoke against it; that is then settled within an interval.
    package func next(
        after began: Instant, isDown: Bool, doubt: Int? = nil, now: Instant, random: inout RandomSource
    ) -> Instant {
        var base = isDown ? fastInterval : interval
        if let doubt { base = min(base, Interval(nanoseconds: interval.nanoseconds / Int64(max(1, doubt)))) }
        let share = 1 + jitter * Double.random(in: -1...1, using: &random)
        let due = began + Interval(nanoseconds: Int64(Double(base.nanoseconds) * share))
        // A probe that took longer than its interval is followed after a breath, not at once.
        return max(due, now + Self.shortest)
    }
}
