internal import Glibc

/// From a forecast of demand and what one server carries to the number of servers.
///
/// More are asked for when the upper bound of the forecast over the lead time needs them: a server asked for now helps
/// from then on. Fewer are enough only when the forecast over three lead times says so, with room to spare, and did for
/// a while. What one step may change is bounded, so that a wrong forecast, or traffic made to mislead, costs a step and
/// not the pool.
package struct CapacityPlanner: Sendable {
    /// What is known of a pool at a moment.
    package struct Situation: Sendable {
        /// Seconds since 1970.
        package var time: Double
        /// Servers that work or were asked for.
        package var servers: Int
        /// Requests a second, lately.
        package var demand: Double
        /// Of demand, the next step first.
        package var forecast: [Forecast.Point]
        /// Seconds between its steps.
        package var step: Double
        /// Of one server.
        package var capacity: CapacityCurve.Estimate
        /// Servers are slower than they should be.
        package var isStrained = false
        /// The highest demand of the history that the forecast knows; nil: unknown.
        package var highest: Double?
        /// Bursts that come by the clock, which the forecast leaves out; nil: none.
        package var bursts: BurstClock?

        package init(
            time: Double, servers: Int, demand: Double, forecast: [Forecast.Point], step: Double,
            capacity: CapacityCurve.Estimate
        ) {
            self.time = time
            self.servers = servers
            self.demand = demand
            self.forecast = forecast
            self.step = step
            self.capacity = capacity
        }
    }

    /// Fewer servers must be enough for so much more than forecast.
    private static let spare = 1.1
    /// Of the servers, those that may be given up at a time; one at least.
    private static let shrink = 0.2
    /// As multiples of the highest demand that came and of what is forecast, what a bound may be at most.
    private static let beyondHighest = 1.2
    private static let beyondMean = 1.3
    /// Lead times that a forecast must look ahead before a server is given up.
    package static let outlook = 3.0

    private let policy: CapacityPolicy
    /// What was needed lately, with room to spare: the newest last.
    private var needs: [(time: Double, servers: Int)] = []
    /// When more were asked for last, and what there were then.
    private var growing: (time: Double, from: Int)?

    package init(_ policy: CapacityPolicy) { self.policy = policy }

    /// Nil when the number is right, or nothing sound is known.
    package mutating func advise(_ situation: Situation) -> CapacityAdvice? {
        let each = situation.capacity.throughput
        guard each > 0, each.isFinite, situation.demand.isFinite, situation.step > 0, !situation.forecast.isEmpty,
            situation.time.isFinite, situation.servers >= 0
        else { return nil }
        let soon = peak(situation, within: policy.leadTime + situation.step)
        let burst = burst(situation, within: policy.leadTime + situation.step)
        let later = peak(situation, within: Self.outlook * policy.leadTime + situation.step)
        let needed = servers(for: max(soon.demand, burst.demand), each)
        note(servers(for: later.demand * Self.spare, each), at: situation.time)
        if needed > situation.servers { return more(needed, soon, burst, situation) }
        return fewer(later, needed, situation)
    }

    private mutating func more(
        _ needed: Int, _ rise: Peak, _ burst: Peak, _ situation: Situation
    ) -> CapacityAdvice? {
        let base: Int
        if let growing, situation.time - growing.time < policy.leadTime, situation.time >= growing.time {
            base = growing.from
        } else {
            base = max(situation.servers, policy.least)
            growing = (situation.time, base)
        }
        // What came in many an hour before misleads nobody.
        let bound = max(
            base + 1, Int((Double(base) * policy.growth).rounded(.down)),
            burst.demand > 0 ? servers(for: burst.demand, situation.capacity.throughput) : 0)
        let wanted = min(needed, bound, policy.most)
        guard wanted > situation.servers else { return nil }
        let held = wanted < needed ? "; \(needed) are needed, but no more may be asked for at a time" : ""
        let peak = burst.demand > rise.demand ? burst : rise
        let what = burst.demand > rise.demand ? "a burst that comes by the clock, " : ""
        return advice(
            wanted, peak, situation,
            "\(what)up to \(Self.text(peak.demand))/s within \(Self.text(peak.seconds)) s, where one server carries "
                + "\(Self.text(situation.capacity.throughput))/s" + held)
    }

    private func fewer(_ peak: Peak, _ needed: Int, _ situation: Situation) -> CapacityAdvice? {
        guard let first = needs.first, situation.time - first.time >= policy.patience, situation.capacity.isUsable,
            !situation.isStrained,
            let recently = needs.map(\.servers).max()
        else { return nil }
        let enough = max(recently, needed)
        guard enough < situation.servers else { return nil }
        let step = max(1, Int(Double(situation.servers) * Self.shrink))
        let wanted = max(enough, situation.servers - step, policy.least)
        guard wanted < situation.servers else { return nil }
        return advice(
            wanted, peak, situation,
            "\(enough) have been enough for \(Self.text(policy.patience)) s, and no more than "
                + "\(Self.text(peak.demand))/s is expected within \(Self.text(Self.outlook * policy.leadTime)) s")
    }

    private func advice(_ servers: Int, _ peak: Peak, _ situation: Situation, _ reason: String) -> CapacityAdvice {
        CapacityAdvice(
            servers: servers, present: situation.servers, confidence: situation.capacity.confidence, reason: reason,
            expiry: policy.leadTime, demand: peak.demand, seconds: peak.seconds,
            perServer: situation.capacity.throughput)
    }

    private struct Peak {
        var demand: Double
        /// From now.
        var seconds: Double
    }

    /// The most that may come, at most as sure as the policy wants to pay for; at least what comes now.
    private func peak(_ situation: Situation, within seconds: Double) -> Peak {
        let steps = min(max(1, Int((seconds / situation.step).rounded(.up))), situation.forecast.count)
        // A burst that runs is no level.
        var peak = Peak(demand: situation.bursts?.demand ?? situation.demand, seconds: 0)
        for (index, point) in situation.forecast[..<steps].enumerated() {
            let bound = min(upper(point), believable(point, situation))
            if bound.isFinite, bound > peak.demand {
                peak = Peak(demand: bound, seconds: Double(index + 1) * situation.step)
            }
        }
        return peak
    }

    /// The highest burst that the clock may bring. Of hours with one and hours without, one in a hundred is not provided
    /// for (up to a cost weight of a quarter), three (0.5), or one in two (1).
    private func burst(_ situation: Situation, within seconds: Double) -> Peak {
        guard let bursts = situation.bursts, bursts.isActive else { return Peak(demand: 0, seconds: 0) }
        let weight = min(max(policy.costWeight, 0), 1)
        let share = weight < 0.5 ? 0.99 - 0.08 * max(0, weight - 0.25) : 0.97 - 0.94 * (weight - 0.5)
        var peak = Peak(demand: 0, seconds: 0)
        for step in 1...max(1, min(Int((seconds / situation.step).rounded(.up)), 1_000)) {
            guard let bound = bursts.bound(step, share: share), bound.isFinite, bound > peak.demand else { continue }
            peak = Peak(demand: bound, seconds: Double(step) * situation.step)
        }
        return peak
    }

    /// Between the mean (cost weight 1) and the bound that 39 of 40 outcomes stay below (0), by way of 9 of 10 (0.5).
    private func upper(_ point: Forecast.Point) -> Double {
        let weight = min(max(policy.costWeight, 0), 1)
        return weight < 0.5
            ? point.high95 + (point.high80 - point.high95) * 2 * weight
            : point.high80 + (point.mean - point.high80) * (2 * weight - 1)
    }

    /// Doubt reaches only a little beyond what ever came, unless the forecast itself does.
    private func believable(_ point: Forecast.Point, _ situation: Situation) -> Double {
        guard let highest = situation.highest, highest.isFinite, highest > 0 else { return .infinity }
        return max(Self.beyondHighest * highest, Self.beyondMean * point.mean)
    }

    private func servers(for demand: Double, _ each: Double) -> Int {
        let needed = (max(0, demand) / each).rounded(.up)
        return min(max(needed < 1e6 ? Int(needed) : .max, policy.least), policy.most)
    }

    private mutating func note(_ servers: Int, at time: Double) {
        // A clock that was set back begins anew.
        if let last = needs.last, time < last.time { needs.removeAll() }
        needs.append((time, servers))
        let begin = needs.lastIndex { time - $0.time >= policy.patience } ?? 0
        needs.removeFirst(max(begin, needs.count - 4_096))
    }

    private static func text(_ number: Double) -> String {
        number >= 100 ? "\(Int(min(number, 1e15).rounded()))" : "\((number * 10).rounded() / 10)"
    }
}

extension CapacityCurve.Estimate {
    /// Whether servers may be given up on the strength of it.
    fileprivate var isUsable: Bool { confidence >= 0.2 }
}
