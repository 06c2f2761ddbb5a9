/// What made a server an outlier, with the figures that said so.
package enum OutlierReason: Sendable, Equatable, CustomStringConvertible {
    case consecutiveFailures(Int)
    /// Shares of failed work: the server's and the median of the others.
    case errorRate(Double, others: Double)
    /// Mean latencies in seconds: the server's and the median of the others.
    case latency(Double, others: Double)

    package var description: String {
        switch self {
        case .consecutiveFailures(let count): "\(count) failures in a row"
        case .errorRate(let own, let others): "\(Self.percent(own)) of requests failed, others \(Self.percent(others))"
        case .latency(let own, let others):
            "answers took \(Self.milliseconds(own)) on average, others \(Self.milliseconds(others))"
        }
    }

    /// As a label of metrics.
    package var kind: String {
        switch self {
        case .consecutiveFailures: "consecutive_failures"
        case .errorRate: "error_rate"
        case .latency: "latency"
        }
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }

    private static func milliseconds(_ seconds: Double) -> String {
        let tenths = Int((min(seconds, 1e9) * 10_000).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)ms" : "\(tenths / 10)ms"
    }
}
