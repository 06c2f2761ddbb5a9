internal import Glibc

/// As long as the typical server's slowest answers of late take, and some times as long again: whoever takes longer has
/// lost the request, and the client's time is better spent on another server.
///
/// The median of the servers is asked, so that a few that hang do not make all others wait for them.
extension TuningEvidence {
    private static let patience = 4.0
    private static let noticeable = log(1.3)

    func responseTimeout(_ settings: PoolSettings, within bounds: ClosedRange<Double>) -> Proposal? {
        let tails = habits.values.filter { $0.count >= Self.settled }.map(\.tail)
        guard !tails.isEmpty else { return nil }
        let tail = Self.median(tails)
        var wanted = Self.patience * tail
        // A tail that the timeout itself has cut says nothing of its length.
        if tail > 0.5 * settings.responseTimeout { wanted = max(wanted, 2 * settings.responseTimeout) }
        // Down in steps, so that each can be judged.
        wanted = bounds.clamp(Self.rounded(max(wanted, settings.responseTimeout / 4)))
        guard abs(log(wanted / settings.responseTimeout)) > Self.noticeable else { return nil }
        var next = settings
        next.responseTimeout = wanted
        return Proposal(
            settings: next,
            reason: "99 of 100 answers of a typical server take \(PoolSettings.seconds(tail)) at most")
    }
}
