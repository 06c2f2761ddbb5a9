internal import Glibc

/// How requests fared under one tactic, older ones counting less.
///
/// The logarithm of a latency is near enough to normal for mean and spread to give its tail: some dozens of requests say
/// of a 99th percentile what counting would take thousands to.
struct TacticScore {
    /// Spreads above the mean at which one in a hundred lies.
    private static let tail = 2.33
    /// An error weighs as if it made everything so many times e slower.
    private static let errorWeight = 20.0
    /// Latencies below are one: in seconds.
    private static let floor = 1e-5

    private(set) var count = 0.0
    private var logarithms = 0.0
    private var squares = 0.0
    private var sum = 0.0
    private var failures = 0.0

    mutating func add(_ seconds: Double, isFailure: Bool) {
        let bounded = min(max(seconds, Self.floor), 3600)
        let logarithm = log(bounded)
        count += 1
        logarithms += logarithm
        squares += logarithm * logarithm
        sum += bounded
        if isFailure { failures += 1 }
    }

    mutating func fade(by factor: Double) {
        count *= factor
        logarithms *= factor
        squares *= factor
        sum *= factor
        failures *= factor
    }

    /// In seconds, as far as the moments tell.
    var p99: Double { count > 0 ? exp(min(mean + Self.tail * spread, 12)) : 0 }
    var failureShare: Double { count > 0 ? failures / count : 0 }

    /// What is to be small, in natural logarithms: the tail, half the mean, and errors.
    var loss: Double {
        guard count > 0 else { return .infinity }
        return mean + Self.tail * spread + 0.5 * log(sum / count) + Self.errorWeight * failureShare
    }

    /// How far chance may have moved `loss`: the standard error of its parts, as far as they are independent.
    var doubt: Double {
        guard count > 0 else { return .infinity }
        // Half the logarithm of a mean moves about as half the mean of logarithms does.
        let ofLatency = spread * spread * (1.5 * 1.5 + Self.tail * Self.tail / 2)
        // Nobody is sure of an error share of nothing or all.
        let share = (failures + 0.1) / (count + 0.2)
        return ((ofLatency + Self.errorWeight * Self.errorWeight * share * (1 - share)) / count).squareRoot()
    }

    private var mean: Double { logarithms / count }
    private var spread: Double { max(0, squares / count - mean * mean).squareRoot() }
}
