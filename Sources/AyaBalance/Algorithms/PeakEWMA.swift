package import AyaCore

/// Of two servers drawn by chance, the one with the lower product of latency and work in flight, where latency follows
/// every peak at once and comes down slowly.
///
/// The rule of Finagle and Linkerd: a server that turns slow is left alone after its first slow answer, and one that
/// has recovered gets its share back as the peak fades.
package final class PeakEWMA: Balancer {
    private static let decay = Interval.seconds(10)
    /// What a server is taken to need before its first answer, once it has work.
    private static let unknown: Float = 1000

    private var candidates: Candidates
    private var peaks: ContiguousArray<Smoothed>

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        peaks = ContiguousArray(repeating: Smoothed(), count: view.count)
    }

    private init(copying other: PeakEWMA) {
        candidates = other.candidates
        peaks = other.peaks
    }

    package func rehearsal() -> (any Balancer)? { PeakEWMA(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        Double(cost(view, server, now))
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        guard let (one, other) = candidates.drawTwo(&random, excluding: excluding) else { return nil }
        return cost(view, other, request.now) < cost(view, one, request.now) ? other : one
    }

    private func cost(_ view: PoolView, _ server: Int, _ now: Instant) -> Float {
        let peak = peaks[server]
        let queue = Float(view.load(server) &* PoolView.wholeShare) / Float(max(1, view.shares[server]))
        guard peak.isKnown else { return queue == 0 ? 0 : Self.unknown + queue }
        return peak.value * Smoothed.decay(now - peak.moment, over: Self.decay) * (queue + 1)
    }

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        if let former = former as? PeakEWMA { peaks[server] = former.peaks[position] }
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { peaks[server] = Smoothed() }
        candidates.update(view, server)
    }

    package func loadChanged(_ view: PoolView, server: Int) {}

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        note(Float(observation.latency.seconds), server, observation.now, isAnswer: observation.outcome == .success)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        candidates.hear(view, server, hearsay)
        if let latency = hearsay.meanLatency { note(latency, server, hearsay.now, isAnswer: true) }
    }

    private func note(_ seconds: Float, _ server: Int, _ now: Instant, isAnswer: Bool) {
        if !peaks[server].isKnown || seconds > peaks[server].value {
            peaks[server].set(seconds, now)
        } else if isAnswer {
            peaks[server].add(seconds, now, over: Self.decay)
        }
    }
}
