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

    init(count: Int, horizon: Int, seasons: [Int]) {
        self.count = count
        self.horizon = horizon
        let seasons = seasons.filter { 3 * $0 <= count }.prefix(2)
        self.seasons = Array(seasons)
        let rehearsals = Self.rehearsals(horizon)
        // Over two short seasons or one long one (every hour of a day, and for hourly values every day of a week), and
        // over enough horizons for the rehearsals not to be one and the same.
        let span = min(count / 3, max(seasons.first.map { 2 * $0 } ?? count, seasons.last ?? 0, 6 * horizon))
        // Neighbours say the same; but a short history must do with them.
        let apart = min(horizon / 4, (count / 2 - horizon) / 8)
        let stride = max(1, apart, span / rehearsals)
        var origins: [Int] = []
        for index in (0..<rehearsals).reversed() {
            let origin = count - horizon - index * stride
            if origin > count / 2 { origins.append(origin) }
        }
        origins.append(count)
        self.origins = origins
    }

    /// Errors of one rehearsal hang together, so that short ones say little each: the shorter, the more of them.
    private static func rehearsals(_ horizon: Int) -> Int {
        let outcomes = 600
        return max(8, outcomes / horizon, min(150, 24 * outcomes / (horizon * horizon)))
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
