package import AyaCore

/// What probes have made of one server: a verdict that turns after so many results in a row.
///
/// A server begins as available, so that a start need not wait for probes, but its first result counts at once: one
/// that never answered gets no benefit of the doubt.
package struct HealthState: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        /// Not probed yet; takes work.
        case unknown
        case up
        case down
    }

    package private(set) var verdict = Verdict.unknown
    /// When the verdict became what it is.
    package private(set) var since: Instant
    /// Results in a row that speak against the verdict, or in favour of it, whichever came last.
    package private(set) var streak = 0
    private var isStreakGood = true

    package init(now: Instant) { since = now }

    package var isDown: Bool { verdict == .down }
    /// The latest result spoke against the verdict.
    package var isInDoubt: Bool {
        switch verdict {
        case .unknown: false
        case .up: !isStreakGood
        case .down: isStreakGood
        }
    }

    /// Results in a row that turn a verdict; less than 1 counts as 1.
    package struct Rule: Sendable, Equatable {
        package var rise: Int
        package var fall: Int

        package init(rise: Int, fall: Int) {
            self.rise = max(1, rise)
            self.fall = max(1, fall)
        }
    }

    /// Notes the result of a probe; true when the verdict turned.
    package mutating func record(isGood: Bool, now: Instant, rule: Rule) -> Bool {
        streak = isGood == isStreakGood ? min(streak &+ 1, 1_000_000) : 1
        isStreakGood = isGood
        switch verdict {
        case .unknown: return turn(isGood ? .up : .down, now)
        case .up: return !isGood && streak >= rule.fall ? turn(.down, now) : false
        case .down: return isGood && streak >= rule.rise ? turn(.up, now) : false
        }
    }

    private mutating func turn(_ next: Verdict, _ now: Instant) -> Bool {
        verdict = next
        since = now
        return true
    }
}
