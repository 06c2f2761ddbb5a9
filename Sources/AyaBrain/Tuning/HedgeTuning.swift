internal import Glibc

/// Between the median and the tail, two thirds of the way by the logarithm: late enough that the budget suffices for the
/// slow ones, and not in the middle of them, where a fixed percentile ends when more than a few requests are slow.
extension TuningEvidence {
    private static let way = 0.65
    /// A tail that is no longer than that is not worth a second try.
    private static let longTail = 4.0
    private static let noticeable = log(1.25)

    func hedgeAfter(_ settings: PoolSettings, within bounds: ClosedRange<Double>) -> Proposal? {
        let middle = Self.median(recent.map(\.p50))
        let tail = Self.median(recent.map(\.p99))
        guard middle > 0, tail > Self.longTail * middle else { return nil }
        let wanted = bounds.clamp(Self.rounded(exp(log(middle) + Self.way * log(tail / middle))))
        if let current = settings.hedgeAfter, abs(log(wanted / current)) < Self.noticeable { return nil }
        var next = settings
        next.hedgeAfter = wanted
        return Proposal(
            settings: next,
            reason: "half of the answers take \(PoolSettings.seconds(middle)), one in a hundred "
                + "\(PoolSettings.seconds(tail))")
    }
}
