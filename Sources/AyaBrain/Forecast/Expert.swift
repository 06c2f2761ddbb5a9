/// A way to forecast, in several sizes: the ensemble asks each in all sizes how it would have done, and hears the best.
struct Expert: Sendable {
    let name: String
    let models: [Model]
    /// Whether it looks at the values as they are. Growth, daily swings and peaks of traffic are ratios, so the others see
    /// logarithms where there are any; but within minutes load runs on in a straight line.
    var isPlain = false
}

/// A model with all its parameters, or several that share their work.
enum Model: Sendable {
    case last
    case smoothings([Smoothing], Seasons)
    case ridge(DirectRidge)
    case profile(SeasonalProfile)

    /// Forecasts on the scale of `series` from every origin of the plan, of each set of parameters; none if the history is
    /// too short for the model.
    func forecasts(_ series: SeriesScale, _ plan: ForecastPlan) -> [[Double]] {
        switch self {
        case .last: return [plan.origins.flatMap { Array(repeating: series.values[$0 - 1], count: plan.horizon) }]
        case .smoothings(let smoothings, let seasons):
            return unsafe series.values.withUnsafeBufferPointer { values in
                unsafe Smoothing.forecasts(
                    of: smoothings, values, seasons: seasons, origins: plan.origins, horizon: plan.horizon)
            }
        case .ridge(let ridge):
            var results = Array(repeating: 0.0, count: plan.size)
            let isDone = unsafe results.withUnsafeMutableBufferPointer { results in
                unsafe ridge.forecast(series.values, origins: plan.origins, horizon: plan.horizon, into: results)
            }
            return isDone ? [results] : []
        case .profile(let profile):
            guard let first = plan.origins.first, profile.needed <= first else { return [] }
            return [
                profile.forecasts(series.values, sums: series.sums, origins: plan.origins, horizon: plan.horizon)
            ]
        }
    }
}
