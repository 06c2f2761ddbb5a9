/// What is asked of a forecast, and the points of the past from which it is rehearsed.
struct ForecastPlan {
    /// How many values are known.
    let count: Int
    /// How many steps to look ahead.
    let horizon: Int
    /// Seasons of which the history holds three at least, in steps, shortest first.
    let seasons: [Int]
    /// Where forecasts begin: rehearsals with known outcome in ascending order, then `count`.
    let origins: [Int]

    /// About so many outcomes are compared, whatever the horizon.
    private static let outcomes = 600

    init(count: Int, horizon: Int, seasons: [Int]) {
        self.count = count
        self.horizon = horizon
        let seasons = seasons.filter { 3 * $0 <= count }.prefix(2)
        self.seasons = Array(seasons)
        let rehearsals = min(48, max(8, Self.outcomes / horizon))
        // Over two short seasons or one long one (every hour of a day, and for hourly values every day of a week), and
        // over enough horizons for the rehearsals not to be one and the same.
        let span = min(count / 3, max(seasons.first.map { 2 * $0 } ?? count, seasons.last ?? 0, 6 * horizon))
        let stride = max(1, span / rehearsals)
        var origins: [Int] = []
        for index in (0..<rehearsals).reversed() {
            let origin = count - horizon - index * stride
            if origin > count / 2 { origins.append(origin) }
        }
        origins.append(count)
        self.origins = origins
    }

    /// How many of the origins are rehearsals.
    var rehearsals: Int { origins.count - 1 }
    /// How many of the rehearsals do not overlap, at least 2: the others say little that is new.
    var independentRehearsals: Double {
        guard let first = origins.first else { return 2 }
        return max(2, Double(count - first) / Double(horizon))
    }

    /// Values of a result: a row of `horizon` for each origin.
    var size: Int { origins.count * horizon }
}
