/// Who is asked: chosen so that on every kind of series somebody is good, and that their errors differ.
enum ExpertCatalog {
    static func experts(for plan: ForecastPlan) -> [Expert] {
        var experts = [
            Expert(name: "daily", models: daily(plan)),
            Expert(name: "weekly", models: weekly(plan)),
            Expert(name: "profile", models: profiles(plan)),
            Expert(name: "lagged", models: ridges(plan, .lagged, base: longBase(plan))),
            Expert(name: "averaged", models: ridges(plan, .averaged, base: longBase(plan))),
            Expert(name: "averaged from last", models: ridges(plan, .averaged, base: 1)),
        ]
        // Without a season, or well within one; over most of it, levels and trends alone are of no use.
        if plan.seasons.first.map({ 2 * plan.horizon <= $0 }) ?? true {
            experts.append(Expert(name: "trend", models: trend, isPlain: true))
        }
        return experts
    }

    private static let trend: [Model] = {
        var all: [Smoothing] = []
        for level in [0.05, 0.1, 0.2, 0.4, 0.7, 1.0] {
            all.append(Smoothing(level: level))
            all.append(Smoothing(level: level, carry: 0.5))
            for (trend, damping) in [(0.05, 0.8), (0.05, 0.95), (0.05, 1), (0.2, 0.8), (0.2, 0.95)] {
                all.append(Smoothing(level: level, trend: trend * level, damping: damping))
            }
        }
        return [.last, .smoothings(all, .none)]
    }()

    private static let levels: [(level: Double, carry: Double)] = [
        (0.005, 0), (0.005, 0.5), (0.005, 0.9), (0.03, 0), (0.03, 0.5), (0.03, 0.9), (0.1, 0), (0.1, 0.5), (0.1, 0.9),
        (0.3, 0), (0.3, 0.5), (0.3, 0.9), (0.6, 0), (0.6, 0.5),
    ]

    private static func daily(_ plan: ForecastPlan) -> [Model] {
        guard let day = plan.seasons.first else { return [] }
        let all = levels.flatMap { level, carry in
            [0.05, 0.2].map { Smoothing(level: level, first: $0, carry: carry) }
        }
        return [.smoothings(all, Seasons(first: day, second: 1))]
    }

    private static func weekly(_ plan: ForecastPlan) -> [Model] {
        guard plan.seasons.count == 2 else { return [] }
        let all = levels.flatMap { level, carry in
            [(0.05, 0.1), (0.05, 0.3), (0.2, 0.1), (0.2, 0.3)].map {
                Smoothing(level: level, first: $0, second: $1, carry: carry)
            }
        }
        return [.smoothings(all, Seasons(first: plan.seasons[0], second: plan.seasons[1]))]
    }

    private static func profiles(_ plan: ForecastPlan) -> [Model] {
        guard let day = plan.seasons.first, let week = plan.seasons.last else { return [] }
        let windows = Set([max(1, plan.horizon / 4), plan.horizon, day, week]).sorted()
        return plan.seasons.flatMap { season in
            [1, 2, 4].flatMap { (seasons: Int) -> [Model] in
                [.profile(SeasonalProfile(season: season, seasons: seasons, window: 0, persistence: 0))]
                    + windows.flatMap { window in
                        [0.5, 1].map {
                            .profile(
                                SeasonalProfile(season: season, seasons: seasons, window: window, persistence: $0))
                        }
                    }
            }
        }
    }

    private enum Regressors { case lagged, averaged }

    /// The longest season as far as a quarter of the history allows.
    private static func longBase(_ plan: ForecastPlan) -> Int {
        max(2, min(plan.seasons.last ?? 24, plan.count / 4, 1_000))
    }

    private static func ridges(_ plan: ForecastPlan, _ regressors: Regressors, base: Int) -> [Model] {
        let long = longBase(plan)
        let first = plan.origins.first ?? plan.count
        let days = plan.seasons.first.map { day in [1, 2, 3, 7].map { $0 * day } } ?? []
        var ridge = DirectRidge(base: base)
        ridge.shifts = days.filter { $0 + plan.horizon + base / 2 < first * 3 / 4 }
        switch regressors {
        case .lagged:
            ridge.lags = [0, 1, 2, 3, 5, 8, 12, 23].filter { $0 < first / 6 }
            ridge.windows = [min(24, long), long]
        case .averaged:
            ridge.lags = [0]
            ridge.windows = [3, 10, 30, 100, 300].filter { $0 < first / 3 } + [long]
        }
        return [.ridge(ridge)]
    }
}
