internal import Glibc

/// Weights by which equal work is answered in equal time: for balancers that go by weights and do not look at latency.
extension TuningEvidence {
    /// Times the median's latency that is worth a change.
    private static let noticeable = log(1.2)
    /// The most that a weight changes at a time.
    private static let step = 1.25
    /// Whose answers are mostly errors is quick for no good reason.
    private static let failing = 0.05

    func weights(_ settings: PoolSettings, within bounds: ClosedRange<Double>) -> Proposal? {
        let known = servers.filter { server in (settings.weights[server.name] ?? 0) > 0 }
        let middle = Self.median(known.map(\.latency))
        guard known.count > 1, middle > 0, let slowest = known.max(by: { $0.latency < $1.latency }),
            let fastest = known.min(by: { $0.latency < $1.latency }),
            max(log(slowest.latency / middle), log(middle / fastest.latency)) > Self.noticeable
        else { return nil }
        var wanted = settings.weights.filter { $0.value > 0 }.mapValues(Double.init)
        for server in known where server.failures < Self.failing * server.attempts {
            let factor = (middle / server.latency).squareRoot()
            wanted[server.name, default: 1] *= min(max(factor, 1 / Self.step), Self.step)
        }
        guard let largest = wanted.values.max(), largest > 0 else { return nil }
        var next = settings
        for (name, weight) in wanted {
            next.weights[name] = Int(bounds.clamp(weight / largest * bounds.upperBound).rounded())
        }
        guard Self.shares(next.weights, differFrom: settings.weights) else { return nil }
        return Proposal(
            settings: next,
            reason: "\(slowest.name) answers in \(PoolSettings.seconds(slowest.latency)), \(fastest.name) in "
                + PoolSettings.seconds(fastest.latency))
    }

    /// Whether somebody's share of the work changes by a twentieth.
    private static func shares(_ weights: [String: Int], differFrom others: [String: Int]) -> Bool {
        let (sum, otherSum) = (weights.values.reduce(0, +), others.values.reduce(0, +))
        guard sum > 0, otherSum > 0 else { return false }
        return weights.contains { name, weight in
            let share = Double(others[name] ?? 0) / Double(otherSum)
            return abs(Double(weight) / Double(sum) - share) > 0.05 * share
        }
    }
}
