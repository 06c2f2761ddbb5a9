internal import Glibc

/// As many exchanges at once as the servers carry where latency bends: by Little's law, what runs is what comes times how
/// long it takes. A limit above it lets queues form in servers, where nobody can turn work away.
extension TuningEvidence {
    /// Latency at the knee, in that of a quiet server.
    private static let bend = 2.0
    /// Bursts come and go.
    private static let room = 1.2

    /// - Parameter carried: what a server of weight one carries.
    func concurrency(
        _ settings: PoolSettings, _ carried: CapacityCurve.Estimate?, weight: Double, within bounds: ClosedRange<Double>
    ) -> Proposal? {
        guard let carried, carried.isSeen, carried.confidence >= 0.5, weight > 0 else { return nil }
        let full = carried.throughput * weight * Self.bend * carried.quietLatency
        let wanted = Int(bounds.clamp(Self.rounded(Self.room * full)).rounded())
        if let current = settings.concurrency, abs(log(Double(wanted) / Double(max(1, current)))) < log(1.2) {
            return nil
        }
        var next = settings
        next.concurrency = wanted
        return Proposal(
            settings: next,
            reason: "the servers carry \(Self.short(carried.throughput * weight))/s before latency doubles, which is "
                + "\(Self.short(full)) at once")
    }
}
