/// More where retries save requests and run out, less where they fail too: those are load for servers that have too much
/// of it.
extension TuningEvidence {
    private static let helpful = 0.7
    private static let useless = 0.4
    /// Share of failing attempts, and of retries, that are nothing to speak of.
    private static let harmless = 0.005
    private static let few = 0.02

    func retryBudget(_ settings: PoolSettings, within bounds: ClosedRange<Double>) -> Proposal? {
        let requests = recent.reduce(0) { $0 + $1.requests }
        let errors = recent.reduce(0) { $0 + $1.errors }
        let attempts = recent.reduce(0) { $0 + $1.servers.reduce(0) { $0 + $1.attempts } }
        let failures = recent.reduce(0) { $0 + $1.servers.reduce(0) { $0 + $1.failures } }
        let retries = attempts - requests
        guard requests > 0, attempts > 0, retries > 0, failures > Self.harmless * attempts else { return nil }
        // As many would have failed without retries as attempts fail.
        let saved = min(1, max(0, failures / attempts * requests - errors) / retries)
        let share = retries / requests
        let factor: Double
        if saved >= Self.helpful, share > 0.7 * settings.retryBudget, errors > Self.harmless * requests {
            factor = 1.5
        } else if saved <= Self.useless, share > Self.few {
            factor = 0.5
        } else {
            return nil
        }
        let wanted = bounds.clamp((1_000 * settings.retryBudget * factor).rounded() / 1_000)
        guard wanted != settings.retryBudget else { return nil }
        var next = settings
        next.retryBudget = wanted
        return Proposal(
            settings: next,
            reason: "\(Self.short(100 * share)) retries for 100 requests, \(Self.short(100 * saved)) of 100 saved one")
    }
}
