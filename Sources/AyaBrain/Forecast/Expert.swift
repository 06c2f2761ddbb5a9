/// A way to forecast, in several sizes: the ensemble asks each in all sizes how it would have done, and hears the best.
struct Expert: Sendable {
    let name: String
    let candidates: [Candidate]
}

/// One model with all its parameters.
enum Candidate: Sendable {
    case last
    case smoothing(Smoothing, Seasons)
    case ridge(DirectRidge)
    case profile(SeasonalProfile)

    /// Forecasts on the scale of `series` from every origin of the plan; nil if the history is too short for the model.
    func forecast(_ series: SeriesScale, _ plan: ForecastPlan) -> [Double]? {
        var results = Array(repeating: 0.0, count: plan.size)
        let isDone = unsafe results.withUnsafeMutableBufferPointer { results in
            unsafe series.values.withUnsafeBufferPointer { values in
                switch self {
                case .last:
                    for (row, origin) in plan.origins.enumerated() {
                        for step in 0..<plan.horizon { unsafe results[row * plan.horizon + step] = values[origin - 1] }
                    }
                    return true
                case .smoothing(let smoothing, let seasons):
                    unsafe smoothing.forecast(
                        values, seasons: seasons, origins: plan.origins, horizon: plan.horizon, into: results)
                    return true
                case .ridge(let ridge):
                    return unsafe ridge.forecast(
                        series.values, origins: plan.origins, horizon: plan.horizon, into: results)
                case .profile(let profile):
                    guard let first = plan.origins.first, profile.needed <= first else { return false }
                    unsafe profile.forecast(values, origins: plan.origins, horizon: plan.horizon, into: results)
                    return true
                }
            }
        }
        return isDone ? results : nil
    }
}
