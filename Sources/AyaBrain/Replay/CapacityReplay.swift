internal import Glibc

/// Runs a recorded demand again under another policy about servers.
///
/// Servers take their lead time to come and go at once. A pool is modelled as one queue whose waiting rises with its
/// load as that of so many parallel places does (Sakasegawa 1977); what is beyond it finds no room.
package struct CapacityReplay: Sendable {
    /// Requests a second, at equal distances; NaN is a gap.
    private let demand: [Double]
    /// Seconds.
    private let step: Double
    /// Where the replay begins: what is before, is known.
    private let start: Int
    /// What one server carries, in requests a second, at the knee.
    private let capacity: CapacityCurve.Estimate
    private let leadTime: Double
    /// Steps between two decisions.
    private let pace: Int

    /// Beyond the knee there is still so much, at the cost of waiting.
    private static let knee = 0.8
    /// Seconds after which a request that waits is given up.
    private static let deadline = 30.0

    /// - Parameter decisionInterval: seconds between two decisions.
    package init(
        demand: [Double], step: Double, start: Int, capacity: CapacityCurve.Estimate, leadTime: Double,
        decisionInterval: Double = 60
    ) {
        self.demand = demand
        self.step = step > 0 ? step : 60
        self.start = min(max(0, start), demand.count)
        self.capacity = capacity
        self.leadTime = max(0, leadTime)
        pace = max(1, Int((decisionInterval / self.step).rounded()))
    }

    package func run(_ policy: ReplayPolicy) -> ReplayOutcome {
        var outcome = ReplayOutcome()
        var decider = Decider(policy, step: step, capacity: capacity)
        var ready = decider.first(demand[..<start])
        /// When servers that were asked for come.
        var coming: [(at: Double, count: Int)] = []
        var latencies = WeightedQuantile()
        var lost = 0.0
        var asked = 0.0
        for index in start..<demand.count {
            let now = Double(index) * step
            while let first = coming.first, first.at <= now {
                ready += first.count
                coming.removeFirst()
            }
            let present = demand[index].isFinite ? max(0, demand[index]) : 0
            count(present, ready, &outcome, &latencies, &lost)
            asked += present
            outcome.serverHours += Double(ready + coming.reduce(0) { $0 + $1.count }) * step / 3_600
            guard (index - start) % pace == 0 else { continue }
            let total = ready + coming.reduce(0) { $0 + $1.count }
            let wanted = decider.servers(after: demand[...index], at: now, servers: total)
            guard wanted != total else { continue }
            outcome.changes += 1
            if wanted > total {
                coming.append((now + leadTime, wanted - total))
            } else {
                // Those on their way first: they serve nobody yet.
                var surplus = total - wanted
                while surplus > 0, let last = coming.popLast() {
                    if last.count > surplus { coming.append((last.at, last.count - surplus)) }
                    surplus -= min(surplus, last.count)
                }
                ready = max(1, ready - surplus)
            }
        }
        outcome.p99 = latencies.quantile(0.99)
        outcome.errorShare = asked > 0 ? lost / asked : 0
        return outcome
    }

    private func count(
        _ demand: Double, _ ready: Int, _ outcome: inout ReplayOutcome, _ latencies: inout WeightedQuantile,
        _ lost: inout Double
    ) {
        outcome.mostServers = max(outcome.mostServers, ready)
        let carried = Double(ready) * capacity.throughput
        if demand > carried { outcome.overloadSeconds += step }
        let load = carried > 0 ? demand / carried * Self.knee : .infinity
        lost += load > 1 ? demand * (1 - 1 / load) : 0
        guard demand > 0 else { return }
        let bounded = min(load, 0.999)
        let places = max(1, Double(ready))
        let waiting = pow(bounded, (2 * (places + 1)).squareRoot() - 1) / (places * (1 - bounded))
        // Service is taken to be exponential: 99 of 100 stay below 4.6 means.
        let latency = load > 1 ? Self.deadline : min(Self.deadline, capacity.quietLatency * (4.6 + 4.6 * waiting))
        latencies.add(latency, weight: demand)
    }
}

/// A quantile of values that count differently, in classes of three per cent.
private struct WeightedQuantile {
    private static let least = 1e-5
    private var weights = [Double](repeating: 0, count: 600)

    mutating func add(_ value: Double, weight: Double) {
        let index = Int(log(max(value, Self.least) / Self.least) / 0.03)
        weights[min(max(index, 0), weights.count - 1)] += weight
    }

    func quantile(_ share: Double) -> Double {
        let wanted = share * weights.reduce(0, +)
        var sum = 0.0
        for (index, weight) in weights.enumerated() {
            sum += weight
            if sum >= wanted, weight > 0 { return Self.least * exp((Double(index) + 0.5) * 0.03) }
        }
        return 0
    }
}
