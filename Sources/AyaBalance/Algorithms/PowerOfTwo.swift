package import AyaCore

/// Of two servers drawn by chance, the one with less in flight for its weight.
///
/// Nearly as good as looking at all, and workers that know little of each other do not all run to the same server.
package final class PowerOfTwo: Balancer {
    private var candidates: Candidates

    package init(_ view: PoolView) { candidates = Candidates(view) }

    private init(copying other: PowerOfTwo) {
        candidates = other.candidates
    }

    package func rehearsal() -> (any Balancer)? { PowerOfTwo(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        view.loadByWeight(server)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        guard let (one, other) = candidates.drawTwo(&random, excluding: excluding) else { return nil }
        // Two servers are drawn by weight already; what they have in flight is compared by weight too.
        let isOtherLess = view.load(other) &* view.shares[one] < view.load(one) &* view.shares[other]
        return isOtherLess ? other : one
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) { candidates.update(view, server) }

    package func loadChanged(_ view: PoolView, server: Int) {}

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) { candidates.hear(view, server, hearsay) }
}
