/// What may be tuned of a pool, as the configuration has it or as it is in effect.
package struct PoolSettings: Hashable, Sendable {
    /// By server.
    package var weights: [String: Int] = [:]
    /// Nil: no limit.
    package var concurrency: Int?
    /// Seconds.
    package var responseTimeout = 30.0
    /// Times the neighbours' latency; nil: not looked at.
    package var outlierLatency: Double?
    /// Retries per request.
    package var retryBudget = 0.2
    /// Seconds; nil: when the pool's recent response times say.
    package var hedgeAfter: Double?

    package init() {}

    /// The knobs that stand otherwise than in `other`.
    package func differences(from other: PoolSettings) -> [Knob] {
        Knob.allCases.filter { knob in
            switch knob {
            case .weights: weights != other.weights
            case .concurrency: concurrency != other.concurrency
            case .responseTimeout: responseTimeout != other.responseTimeout
            case .outlierLatency: outlierLatency != other.outlierLatency
            case .retryBudget: retryBudget != other.retryBudget
            case .hedgeAfter: hedgeAfter != other.hedgeAfter
            }
        }
    }

    /// With one knob as it stands in `other`.
    package func taking(_ knob: Knob, from other: PoolSettings) -> PoolSettings {
        var settings = self
        switch knob {
        case .weights: settings.weights = other.weights
        case .concurrency: settings.concurrency = other.concurrency
        case .responseTimeout: settings.responseTimeout = other.responseTimeout
        case .outlierLatency: settings.outlierLatency = other.outlierLatency
        case .retryBudget: settings.retryBudget = other.retryBudget
        case .hedgeAfter: settings.hedgeAfter = other.hedgeAfter
        }
        return settings
    }

    /// How a knob stands, in words.
    func text(of knob: Knob) -> String {
        switch knob {
        case .weights:
            weights.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        case .concurrency: concurrency.map { "\($0)" } ?? "none"
        case .responseTimeout: Self.seconds(responseTimeout)
        case .outlierLatency: outlierLatency.map { "\($0)" } ?? "none"
        case .retryBudget: "\((1_000 * retryBudget).rounded() / 10)%"
        case .hedgeAfter: hedgeAfter.map(Self.seconds) ?? "a percentile"
        }
    }

    static func seconds(_ value: Double) -> String {
        value < 1 ? "\((10_000 * value).rounded() / 10)ms" : "\((100 * value).rounded() / 100)s"
    }
}
