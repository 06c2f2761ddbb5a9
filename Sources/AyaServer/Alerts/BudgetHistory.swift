internal import AyaBrain

/// What a route's objective counted, over three days: every look of the last ten minutes, one a minute for six hours,
/// one each half hour before that.
struct BudgetHistory: Sendable {
    struct Count: Sendable, Equatable {
        /// Seconds since 1970.
        var time: Double
        /// Both since the history began, whatever restarts came between.
        var requests: Double
        var errors: Double
    }

    private var counts: [Count] = []
    /// What was counted before the process, or its counters, began anew.
    private var base = (requests: 0.0, errors: 0.0)
    /// As the counters said last.
    private var last = (requests: 0.0, errors: 0.0)
    private static let longest = 259_200.0

    init() {}

    /// Goes on with what an earlier process counted.
    init(_ counts: [Count]) {
        self.counts = counts.sorted { $0.time < $1.time }
        base = self.counts.last.map { ($0.requests, $0.errors) } ?? (0, 0)
    }

    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - requests: since the start, as `errors`.
    mutating func note(time: Double, requests: Double, errors: Double) {
        // A clock that jumped back: what comes after now is not known to have been.
        counts.removeAll { $0.time >= time }
        if requests < last.requests || errors < last.errors {
            base = (base.requests + last.requests, base.errors + last.errors)
        }
        last = (requests, errors)
        counts.append(Count(time: time, requests: base.requests + requests, errors: base.errors + errors))
        counts = Self.thinned(counts, now: time) { age in age <= 600 ? 0 : age <= 21_600 ? 60 : 1_800 }
    }

    /// As much of it as a restart need not lose.
    var sparse: [Count] {
        guard let now = counts.last?.time else { return [] }
        var kept = Self.thinned(counts, now: now) { age in age <= 3_600 ? 60 : 1_800 }
        // What came last is where the next process goes on.
        if let latest = counts.last, kept.last != latest { kept.append(latest) }
        return kept
    }

    private static func thinned(_ counts: [Count], now: Double, step: (Double) -> Double) -> [Count] {
        var kept: [Count] = []
        for count in counts where now - count.time <= longest + 1_800 {
            if let last = kept.last, count.time - last.time < step(now - count.time) { continue }
            kept.append(count)
        }
        return kept
    }

    /// What was counted in the last so many seconds, or since there is a count.
    func window(_ seconds: Double) -> ErrorBudget.Window {
        guard let last = counts.last else { return ErrorBudget.Window(requests: 0, errors: 0) }
        let base = counts.first { $0.time >= last.time - seconds } ?? last
        return ErrorBudget.Window(requests: last.requests - base.requests, errors: last.errors - base.errors)
    }
}
