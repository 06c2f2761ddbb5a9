/// Decides as a policy does, step by step.
struct Decider {
    private enum Kind {
        case fixed(Int)
        case reactive(target: Double, least: Int, most: Int)
        case predictive(CapacityPlanner, CapacityPolicy)
    }

    private var kind: Kind
    private let step: Double
    private let capacity: CapacityCurve.Estimate

    init(_ policy: ReplayPolicy, step: Double, capacity: CapacityCurve.Estimate) {
        self.step = step
        self.capacity = capacity
        kind =
            switch policy {
            case .fixed(let servers): .fixed(max(1, servers))
            case .reactive(let target, let least, let most): .reactive(target: target, least: least, most: most)
            case .predictive(let policy): .predictive(CapacityPlanner(policy), policy)
            }
    }

    /// How many there are at the beginning: enough for the last value before it.
    func first(_ history: ArraySlice<Double>) -> Int {
        let last = history.last { $0.isFinite } ?? 0
        return switch kind {
        case .fixed(let servers): servers
        case .reactive(let target, let least, let most): servers(for: last / target, least, most)
        case .predictive(_, let policy): servers(for: last * 1.2, policy.least, policy.most)
        }
    }

    mutating func servers(after history: ArraySlice<Double>, at now: Double, servers: Int) -> Int {
        let last = history.last { $0.isFinite } ?? 0
        switch kind {
        case .fixed(let wanted): return wanted
        case .reactive(let target, let least, let most): return self.servers(for: last / target, least, most)
        case .predictive(var planner, let policy):
            let ahead = CapacityPlanner.outlook * policy.leadTime + step
            let forecaster = Forecaster(
                horizon: Int((ahead / step).rounded(.up)), seasons: Forecaster.calendarSeasons(step: step))
            let bursts = BurstClock(Array(history.suffix(Forecaster.mostValues)), step: step)
            let forecast = forecaster.forecast(bursts.calm)
            var situation = CapacityPlanner.Situation(
                time: now, servers: servers, demand: last, forecast: forecast.points, step: step, capacity: capacity)
            situation.bursts = bursts
            situation.highest = bursts.calm.filter(\.isFinite).max()
            let advice = planner.advise(situation)
            kind = .predictive(planner, policy)
            return advice?.servers ?? servers
        }
    }

    private func servers(for demand: Double, _ least: Int, _ most: Int) -> Int {
        let needed = (max(0, demand) / capacity.throughput).rounded(.up)
        return min(max(needed < 1e6 ? Int(needed) : most, least), most)
    }
}
