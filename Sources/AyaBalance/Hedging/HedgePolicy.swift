package import AyaCore

/// When a slow request gets a second try beside the first, and how many may.
///
/// After Dean and Barroso, "The Tail at Scale" (2013): a second request once the first is slower than the 95th
/// percentile cuts the tail for a few per cent more load. The budget bounds that load where the tail is everybody's,
/// as in an overload.
package final class HedgePolicy {
    package enum Delay: Sendable {
        /// Of the pool's recent latencies, as a fraction.
        case quantile(Double)
        case fixed(Interval)
    }

    /// Hedging below this gains less than a loop's own turn.
    private static let shortest = Interval.milliseconds(3)
    /// What a quiet time may save up, over all workers: enough for what was under way on a server that freezes, and
    /// not so much that the servers left drown in second tries while they carry its work too.
    private static let mostSaved = 12.0

    private let delay: Delay
    private let budget: Double
    private var latencies: LatencyQuantile
    private let mostSaved: Double
    private var saved: Double

    /// - Parameters:
    ///   - budget: hedges per request, over the last while.
    ///   - workers: how many share the traffic, each with a policy of its own.
    package init(_ delay: Delay, budget: Double, workers: Int = 1) {
        mostSaved = max(4, Self.mostSaved / Double(max(1, workers)))
        saved = mostSaved
        self.delay = delay
        self.budget = budget
        if case .quantile(let fraction) = delay {
            latencies = LatencyQuantile(fraction)
        } else {
            latencies = LatencyQuantile(0.95)
        }
    }

    /// A request begins: how long its first try may be alone. Nil while too little is known.
    package func delayForRequest() -> Interval? {
        saved = min(saved + budget, mostSaved)
        switch delay {
        case .fixed(let interval): return interval
        case .quantile:
            guard let quantile = latencies.value, let median = latencies.median else { return nil }
            // Where all answers take about as long, the last five of a hundred are nothing to race against.
            return max(quantile, Interval(nanoseconds: median.nanoseconds &* 2), Self.shortest)
        }
    }

    /// The latency of a first try, also of one that lost.
    package func record(_ latency: Interval) { latencies.record(latency) }

    /// Takes one hedge out of the budget; false when it is used up.
    package func spend() -> Bool {
        guard saved >= 1 else { return false }
        saved -= 1
        return true
    }
}
