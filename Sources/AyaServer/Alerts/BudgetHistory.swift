internal import AyaBrain

/// What a route's objective counted, over three days: every look of the last ten minutes, one a minute for six hours,
/// one each half hour before that.
struct BudgetHistory: Sendable {
    private struct Count {
        var time: Double
        var requests: Double
        var errors: Double
    }

    private var counts: [Count] = []
    private static let longest = 259_200.0

    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - requests: since the start, as `errors`.
    mutating func note(time: Double, requests: Double, errors: Double) {
        // A clock that jumped back, or counters that began anew.
        if let last = counts.last, time <= last.time || requests < last.requests || errors < last.errors {
            counts.removeAll()
        }
        counts.append(Count(time: time, requests: requests, errors: errors))
        thin(now: time)
    }

    private mutating func thin(now: Double) {
        var kept: [Count] = []
        for count in counts where now - count.time <= Self.longest + 1_800 {
            let age = now - count.time
            let step = age <= 600 ? 0.0 : age <= 21_600 ? 60 : 1_800
            if let last = kept.last, count.time - last.time < step { continue }
            kept.append(count)
        }
        counts = kept
    }

    /// What was counted in the last so many seconds, or since there is a count.
    func window(_ seconds: Double) -> ErrorBudget.Window {
        guard let last = counts.last else { return ErrorBudget.Window(requests: 0, errors: 0) }
        let base = counts.first { $0.time >= last.time - seconds } ?? last
        return ErrorBudget.Window(requests: last.requests - base.requests, errors: last.errors - base.errors)
    }
}
