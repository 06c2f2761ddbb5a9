internal import Glibc

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
        let values = GapFilling.filled(history.suffix(Self.mostValues), seasons: seasons)
        let plan = ForecastPlan(count: values.count, horizon: horizon, seasons: seasons)
        guard values.count >= Self.fewestValues, plan.rehearsals >= 4, let least = values.min(),
            let most = values.max(), most > least, let ensemble = Ensemble(values, plan)
        else { return PlainForecast.of(values, horizon: horizon) }
        let voices = ensemble.voices.map { voice in
            Forecast.Voice(
                expert: voice.expert.name, weight: voice.weights.reduce(0, +) / Double(horizon), errorRatio: voice.ratio
            )
        }.sorted { $0.weight > $1.weight }
        let points = ConformalIntervals(ensemble, values, plan).points
        return Forecast(
            points: points, voices: voices, levelChange: LevelChange.newest(in: values, seasons: plan.seasons))
    }

    /// As without events, but that past occurrences teach what coming ones will do instead of disturbing what is usual.
    package func forecast(_ history: History, events: [KnownEvent]) -> Forecast {
        guard !events.isEmpty else { return forecast(history.values) }
        let lifts = EventLifts(events, history, horizon: horizon, seasons: seasons)
        var forecast = forecast(lifts.usual)
        for (step, lift) in lifts.ahead.enumerated() { forecast.points[step].lift(by: lift) }
        forecast.lifts = lifts.lifts.sorted { $0.key < $1.key }.map {
            Forecast.Lift(event: $0.key, factor: $0.value.factor, occurrences: $0.value.seen.count)
        }
        return forecast
    }
}

extension Forecast.Point {
    /// Moves the middle by the lift, and the bounds further by how unsure that is.
    fileprivate mutating func lift(by lift: EventLift) {
        let factor = lift.factor
        let deviation = lift.deviation
        func bound(_ value: Double, _ deviations: Double) -> Double {
            mean * factor + (value - mean) * factor * exp(abs(deviations) * deviation)
                + abs(mean) * factor * (exp(deviations * deviation) - 1)
        }
        (low95, high95) = (bound(low95, -1.96), bound(high95, 1.96))
        (low80, high80) = (bound(low80, -1.28), bound(high80, 1.28))
        mean *= factor
        if mean >= 0 { (low80, low95) = (max(0, low80), max(0, low95)) }
    }
}
