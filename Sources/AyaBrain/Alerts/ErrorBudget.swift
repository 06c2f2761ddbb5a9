/// How fast the errors that an objective allows are being used up.
///
/// An objective of 99.9 % over 30 days allows one failure in a thousand; a burn rate of one uses that up in exactly 30
/// days. It alerts when a long window and a short one both burn too fast: the long one says that it matters, the short
/// one that it still goes on (Google, "The Site Reliability Workbook", chapter 5).
package struct ErrorBudget: Equatable, Sendable {
    package enum Urgency: Int, Comparable, Sendable {
        case none
        /// Slow: within days.
        case ticket
        /// Fast: wake somebody.
        case page

        package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    package struct Window: Equatable, Sendable {
        package var requests: Double
        package var errors: Double

        package init(requests: Double, errors: Double) {
            self.requests = requests
            self.errors = errors
        }

        var ratio: Double { requests > 0 && errors > 0 ? min(1, errors / requests) : 0 }
    }

    /// The windows that are compared, in seconds, and the burn rate from which on they count.
    package static let rules: [(long: Double, short: Double, rate: Double, urgency: Urgency)] = [
        (3_600, 300, 14.4, .page), (21_600, 1_800, 6, .page), (259_200, 21_600, 1, .ticket),
    ]

    /// Share of requests that must succeed, and the seconds over which it counts.
    private let objective: Double
    private let period: Double

    /// - Parameter objective: from 0 up to, not including, 1, such as 0.999.
    package init?(objective: Double, period: Double = 30 * 86_400) {
        guard objective >= 0, objective < 1, period > 0, period.isFinite else { return nil }
        self.objective = objective
        self.period = period
    }

    /// Errors as multiples of what is allowed.
    package func burnRate(_ window: Window) -> Double { window.ratio / (1 - objective) }

    /// Seconds until nothing is left of the budget; infinite while nothing burns.
    ///
    /// - Parameters:
    ///   - spent: share of the period's budget that is gone; 1 is all of it.
    ///   - now: the window whose burn rate is taken to last.
    package func secondsLeft(spent: Double, now: Window) -> Double {
        let rate = burnRate(now)
        guard rate > 0 else { return .infinity }
        return max(0, 1 - spent) * period / rate
    }

    /// - Parameter window: what was counted in the last so many seconds.
    package func urgency(_ window: (Double) -> Window) -> Urgency {
        Self.rules.filter { burnRate(window($0.long)) >= $0.rate && burnRate(window($0.short)) >= $0.rate }
            .map(\.urgency).max() ?? .none
    }
}
