/// What is learned of one pool from what its servers did: what one of them carries, and which of them are about to
/// fail.
package struct PoolMind: Sendable {
    package private(set) var curve = CapacityCurve()
    private var precursors = FailurePrecursors()
    private var planner: CapacityPlanner?
    private var policy: CapacityPolicy?
    /// How many servers were asked for, and when.
    private var asked: (servers: Int, time: Double)?
    /// What was wanted last, for whoever asks; nil before anything is known.
    package private(set) var wanted: Int?
    /// How the last forecast fared.
    package private(set) var record = ForecastRecord()

    /// Of the servers that there should be, those that must work before any is given up.
    private static let enough = 0.7

    package init() {}

    /// Takes over what the configuration says about the number of servers; what was learned stays.
    package mutating func configure(_ policy: CapacityPolicy?) {
        guard policy != self.policy else { return }
        self.policy = policy
        planner = policy.map(CapacityPlanner.init)
        asked = nil
        wanted = nil
    }

    /// - Parameters:
    ///   - intervals: one of each server, all of the same seconds.
    ///   - seconds: how long they were.
    ///   - weights: of servers, where they differ from one.
    /// - Returns: which servers should get no new work.
    package mutating func observe(
        _ intervals: [ServerInterval], seconds: Double, weights: [String: Double] = [:]
    ) -> [DrainAdvice] {
        for interval in intervals where interval.attempts >= 1 && seconds > 0 {
            let weight = max(weights[interval.server] ?? 1, 0.001)
            curve.observe(
                throughput: interval.attempts / seconds / weight, latency: interval.latency,
                failures: min(1, interval.failures / interval.attempts))
        }
        return precursors.observe(intervals)
    }

    /// Learns how servers usually do beside each other from an interval of long ago.
    ///
    /// - Parameter length: of the interval, in those of now.
    package mutating func recall(_ intervals: [ServerInterval], length: Double) {
        precursors.recall(intervals, length: length)
    }

    /// Learns what one server carried from an interval of long ago.
    package mutating func recall(throughput: Double, latency: Double, failures: Double) {
        curve.observe(throughput: throughput, latency: latency, failures: failures)
    }

    /// - Parameters:
    ///   - servers: that take work now.
    ///   - known: those, and the ones that should but do not.
    ///   - bursts: that the forecast leaves out.
    package mutating func plan(
        at time: Double, servers: Int, known: Int? = nil, demand: Double, forecast: Forecast,
        bursts: BurstClock? = nil, step: Double
    ) -> CapacityAdvice? {
        guard let policy, let capacity = curve.estimate else { return nil }
        var present = servers
        // Those that were asked for are on their way; after two lead times they are not believed in any more.
        if let asked, asked.servers > servers, time >= asked.time, time - asked.time < 2 * policy.leadTime {
            present = asked.servers
        }
        var situation = CapacityPlanner.Situation(
            time: time, servers: present, demand: demand, forecast: forecast.points, step: step, capacity: capacity)
        situation.bursts = bursts
        situation.highest = bursts?.calm.filter(\.isFinite).max()
        // Where many servers are out, demand is low because they are.
        let areMissing = Double(servers) < Self.enough * Double(known ?? servers)
        situation.isStrained = curve.isStrained || areMissing
        let advice = planner?.advise(situation)
        if let advice { asked = (advice.servers, time) }
        // One that is down for a moment is no reason to want fewer.
        wanted = advice?.servers ?? wanted ?? min(max(servers, known ?? servers, policy.least), policy.most)
        return advice
    }

    /// What was asked for last does not come: nobody could be asked.
    package mutating func giveUpAsking() { asked = nil }

    /// When demand may be more than the servers carry: seconds from now, and the demand; nil when that is not in sight
    /// or the knee was not seen yet.
    package func saturation(servers: Int, forecast: Forecast, step: Double) -> (seconds: Double, demand: Double)? {
        guard let capacity = curve.estimate, capacity.isSeen, servers > 0 else { return nil }
        let whole = capacity.throughput * Double(servers)
        guard let index = forecast.points.firstIndex(where: { $0.high80 > whole }) else { return nil }
        return (Double(index + 1) * step, forecast.points[index].high80)
    }

    /// Notes a forecast, to compare it with what comes.
    package mutating func note(_ forecast: Forecast, at time: Double, step: Double, history: [Double]) {
        record.note(forecast, at: time, step: step, history: history)
    }
}
