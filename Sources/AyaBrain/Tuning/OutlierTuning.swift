internal import Glibc

/// As far from its neighbours as no server ever is by habit: the widest of the servers' own ranges. The one with the
/// widest of all does not count, since it may be the one that should be ejected.
extension TuningEvidence {
    private static let deviations = 4.0
    private static let least = 1.5
    private static let noticeable = log(1.2)

    func outlierLatency(_ settings: PoolSettings, within bounds: ClosedRange<Double>) -> Proposal? {
        let reaches = habits.values.filter { $0.count >= Self.settled }
            .map { $0.ratio + Self.deviations * $0.variance.squareRoot() }.sorted()
        guard reaches.count >= 3 else { return nil }
        let reach = exp(min(reaches[reaches.count - 2], 10))
        let wanted = bounds.clamp((10 * max(Self.least, reach)).rounded() / 10)
        if let current = settings.outlierLatency, abs(log(wanted / current)) < Self.noticeable { return nil }
        var next = settings
        next.outlierLatency = wanted
        return Proposal(
            settings: next,
            reason: "by habit no server is more than \(Self.short(reach)) times as slow as its neighbours")
    }
}
