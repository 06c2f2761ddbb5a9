/// How forecasts fared, once what they foretold had come.
package struct ForecastRecord: Sendable {
    private static let memory = 200.0
    /// What of a forecast is compared, in single precision: every pool keeps one.
    private struct Expected: Sendable {
        var mean: Float
        var low80: Float
        var high80: Float
    }

    private var latest: (time: Double, points: [Expected])?
    private var count = 0.0
    private var errors = 0.0
    private var within = 0.0

    package init() {}

    /// Outcomes that were compared; older ones fade.
    package var outcomes: Int { Int(count) }
    /// The mean error as a share of the outcomes; nil before there are any.
    package var relativeError: Double? { count > 0 ? errors / count : nil }
    /// The share of outcomes within the bounds that should hold 80 of 100.
    package var coverage80: Double? { count > 0 ? within / count : nil }

    /// Compares the forecast before with what came since, and remembers this one.
    ///
    /// - Parameter history: the newest value last, which ends at `time`.
    mutating func note(_ forecast: Forecast, at time: Double, step: Double, history: [Double]) {
        if let latest, step > 0, time > latest.time {
            let passed = Int(min((time - latest.time) / step, 100_000))
            for (index, point) in latest.points.prefix(passed).enumerated() {
                let place = history.count - passed + index
                guard history.indices.contains(place), history[place].isFinite else { continue }
                add(point, history[place])
            }
        }
        latest = (
            time,
            forecast.points.map { Expected(mean: Float($0.mean), low80: Float($0.low80), high80: Float($0.high80)) }
        )
    }

    private mutating func add(_ point: Expected, _ outcome: Double) {
        let kept = count >= Self.memory ? 1 - 1 / Self.memory : 1
        count = count * kept + 1
        errors = errors * kept + min(abs(Double(point.mean) - outcome) / max(abs(outcome), 1e-9), 10)
        within = within * kept + (Float(outcome) >= point.low80 && Float(outcome) <= point.high80 ? 1 : 0)
    }
}
