/// One knob turned, and why.
package struct TuningChange: Equatable, Sendable {
    package var knob: Knob
    package var before: PoolSettings
    package var after: PoolSettings
    package var reason: String
    /// How often such changes proved no mistake in this pool, with a prior of one in two.
    package var confidence: Double
    /// Whether it takes an earlier one back.
    package var isReversal = false

    /// `response_timeout 30s -> 2s`.
    package var text: String { "\(knob.rawValue) \(words.before) -> \(words.after)" }

    /// How the knob stood, and how it stands.
    package var words: (before: String, after: String) { (before.text(of: knob), after.text(of: knob)) }

    /// The knob's new value, where it is one number.
    package var value: Double? {
        switch knob {
        case .weights: nil
        case .concurrency: after.concurrency.map(Double.init)
        case .responseTimeout: after.responseTimeout
        case .outlierLatency: after.outlierLatency
        case .retryBudget: after.retryBudget
        case .hedgeAfter: after.hedgeAfter
        }
    }
}

/// What a tuner came to.
package enum TuningStep: Equatable, Sendable {
    /// To be done now.
    case change(TuningChange)
    /// What was changed before has proved no mistake.
    case kept(Knob, String)
}
