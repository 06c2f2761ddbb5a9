/// What may be tuned of a pool, each within bounds that its operator set.
package enum Knob: String, Sendable, CaseIterable {
    /// Of its servers.
    case weights
    /// How many exchanges it is given at once.
    case concurrency
    case responseTimeout = "response_timeout"
    /// How many times slower than its neighbours a server is when it is ejected.
    case outlierLatency = "outlier_latency"
    /// Retries per request.
    case retryBudget = "retry_budget"
    /// When a second try begins to race a slow first one.
    case hedgeAfter = "hedge_after"
}

/// From where to where the tuned values may go; what has no bounds is not tuned. Times are in seconds.
package struct TuningBounds: Equatable, Sendable {
    package var ranges: [Knob: ClosedRange<Double>]

    package init(_ ranges: [Knob: ClosedRange<Double>] = [:]) { self.ranges = ranges }

    package subscript(_ knob: Knob) -> ClosedRange<Double>? { ranges[knob] }
}

extension ClosedRange<Double> {
    func clamp(_ value: Double) -> Double { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
