package import AyaCore

/// The balancer for those who do not want to choose one.
package final class Auto: Balancer {
    private static let sample = 16
    private static let fading = Interval.seconds(5)
    private static let memory = Interval.seconds(1)
    private static let floor: Float = 1e-4

    private var candidates: Candidates
    private var latencies: ContiguousArray<Smoothed>
    private var turns: Turns

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        latencies = ContiguousArray(repeating: Smoothed(), count: view.count)
        turns = Turns(view)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        var best: Int?
        var least = Float.infinity
        candidates.forSome(Self.sample, &random) { server in
            guard excluding.isEmpty || !excluding.contains(server) else { return }
            let cost = cost(view, server, request.now)
            if cost < least {
                (best, least) = (server, cost)
            } else if cost == least, let known = best, turns.isEarlier(server, than: known) {
                best = server
            }
        }
        guard let best = best ?? candidates.draw(&random, excluding: excluding) else { return nil }
        turns.take(view, best)
        return best
    }

    private func cost(_ view: PoolView, _ server: Int, _ now: Instant) -> Float {
        let latency = latencies[server]
        let age = latency.isKnown ? (now - latency.moment).nanoseconds : 0
        let queue = Float(view.load(server) &* PoolView.wholeShare) / Float(max(1, view.shares[server]))
        return (latency.value + Self.floor) * Smoothed.decay(age, over: Self.fading) * (queue + 1)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { latencies[server] = Smoothed() }
        candidates.update(view, server)
        turns.join(view, server)
    }

    package func loadChanged(_ view: PoolView, server: Int) {}

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        let seconds = Float(observation.latency.seconds)
        guard observation.outcome == .success || seconds > latencies[server].value else { return }
        latencies[server].add(seconds, observation.now, over: Self.memory)
    }
}
