/// From a history to a forecast: the entry to this folder.
package struct Forecaster: Sendable {
    /// How many steps to look ahead.
    package let horizon: Int
    /// Steps after which a pattern may recur, such as 24 and 168 for hourly values; shortest first.
    package let seasons: [Int]

    /// Older values are left out, so that the time a forecast takes is bounded.
    package static let mostValues = 6_000
    /// Nobody needs more steps, and work grows with them.
    package static let longestHorizon = 1_000
    /// Fewer values cannot tell experts apart.
    static let fewestValues = 24

    /// Both bounded: the horizon to 1…1,000 steps.
    package init(horizon: Int, seasons: [Int]) {
        self.horizon = min(max(1, horizon), Self.longestHorizon)
        self.seasons = Set(seasons).filter { (2...Self.mostValues).contains($0) }.sorted()
    }

    /// A day and a week in steps of so many seconds, where they are whole numbers of steps.
    package static func calendarSeasons(step: Double) -> [Int] {
        guard step > 0 else { return [] }
        return [86_400, 604_800].compactMap { length in
            let steps = (length / step).rounded()
            return steps > 1 && steps < 1e6 && abs(steps * step - length) < 0.01 * step ? Int(steps) : nil
        }
    }

    /// - Parameter history: values at equal distances, oldest first; NaN and infinities are gaps.
    package func forecast(_ history: [Double]) -> Forecast {
        let values = GapFilling.filled(history.suffix(Self.mostValues), season: seasons.first ?? 1)
        let plan = ForecastPlan(count: values.count, horizon: horizon, seasons: seasons)
        guard values.count >= Self.fewestValues, plan.rehearsals >= 4, let least = values.min(),
            let most = values.max(), most > least, let ensemble = Ensemble(values, plan)
        else { return PlainForecast.of(values, horizon: horizon) }
        let isNeverNegative = least >= 0
        let voices = ensemble.voices.map { voice in
            Forecast.Voice(
                expert: voice.expert.name, weight: voice.weights.reduce(0, +) / Double(horizon), errorRatio: voice.ratio
            )
        }.sorted { $0.weight > $1.weight }
        let points = ConformalIntervals(ensemble.combined, values, plan, isNeverNegative: isNeverNegative).points
        return Forecast(points: points, voices: voices)
    }
}
