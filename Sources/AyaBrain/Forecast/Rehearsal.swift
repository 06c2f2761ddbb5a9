internal import Glibc

/// Forecasts of one model from all origins in the units of the history, with how far the rehearsed ones were off.
struct Rehearsal {
    /// A row of the plan's horizon for each origin.
    let forecasts: [Double]
    /// The mean of |error| for each step ahead.
    let absolute: [Double]
    /// The mean of |error| ÷ (|actual| + |forecast|) for each step ahead: quiet hours count as much as busy ones.
    let relative: [Double]

    /// The mean of several models' forecasts. `weights` has a row of a weight for each step ahead for each model, or
    /// one weight for each model; those of a step sum to 1.
    init(_ parts: [[Double]], weights: [[Double]], _ outcomes: Outcomes) {
        var mean = Array(repeating: 0.0, count: parts.first?.count ?? 0)
        for (part, weights) in zip(parts, weights) {
            for index in mean.indices { mean[index] += weights[index % weights.count] * part[index] }
        }
        forecasts = mean
        (absolute, relative) = outcomes.errorsByStep(of: mean)
    }

    /// Errors of the whole horizon together.
    var total: (absolute: Double, relative: Double) { (absolute.reduce(0, +), relative.reduce(0, +)) }
}

/// How far models are off beside the best of them, in absolute and in relative errors: 1 for one that is the best in
/// both, 2 for one with twice the errors.
struct ErrorRatios {
    let ratios: [Double]

    init(_ errors: [(absolute: Double, relative: Double)]) {
        let absolute = errors.lazy.map { $0.absolute }.min() ?? 0
        let relative = errors.lazy.map { $0.relative }.min() ?? 0
        ratios = errors.map { (Self.ratio($0.absolute, absolute) + Self.ratio($0.relative, relative)) / 2 }
    }

    /// Inverse powers of the ratios, summing to 1.
    func weights(sharpness: Double) -> [Double] {
        let least = ratios.min() ?? 1
        let powers = ratios.map { pow($0 / least, -sharpness) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private static func ratio(_ error: Double, _ least: Double) -> Double {
        guard error.isFinite else { return 1e9 }
        // When somebody foretells a series without any error, all who do not are far behind.
        return least > 0 ? min(error / least, 1e9) : (error > 0 ? 1e9 : 1)
    }
}
