package import AyaCore

/// The balancer for those who do not want to choose one: sends each request to where it would be answered soonest.
///
/// What one more request would take is the server's latency of late times what it has in flight, over all workers, for
/// its weight. Three things make that hold in bad times too. Latency is averaged with outliers cut, so that a server
/// that froze for a moment gets its share back as soon as it goes on, while one that is slow throughout is known as
/// such within a second. A server that has work and finishes none is taken to need at least as long as its silence
/// lasts, so that a freeze is seen after milliseconds and not when the first answer is late. And what is known of a
/// server fades with age, so that one that was slow is tried again every few seconds and gets its share back at once
/// when it has recovered. The constants come from simulation: docs/decisions/0007-the-automatic-balancer.md.
package final class Auto: Balancer {
    /// Servers looked at: all of a small pool, so many by chance of a large one.
    private static let sample = 16
    /// The time constant of the average.
    private static let memory = Interval.seconds(1)
    /// The time constant by which old news fade.
    private static let fading = Interval.seconds(5)
    /// A latency counts at most as so many times the average.
    private static let cut: Float = 3
    /// Servers up to so many times slower than the fastest count as equals, and are told apart by what they have in
    /// flight. Averages of some hundred latencies differ by several per cent through chance alone; a choice by such
    /// differences gave one of six equal servers two thirds of another's share.
    private static let alike: Float = 1.4
    /// In seconds; differences far below do not count.
    private static let floor: Float = 1e-4
    /// In seconds; an average below is not used to cut.
    private static let least: Float = 1e-3

    private var candidates: Candidates
    private var turns: Turns
    private var latencies: ContiguousArray<Smoothed>
    private var loads: ContiguousArray<Int>
    /// When a server finished work last or, if it had none, got some, in nanoseconds; `unseen` until the next pick.
    private var progress: ContiguousArray<Int64>

    /// Changes of load have no time: the next pick that looks at the server gives it one.
    private static let unseen = Int64.max

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        turns = Turns(view)
        latencies = ContiguousArray(repeating: Smoothed(), count: view.count)
        loads = ContiguousArray(repeating: 0, count: view.count)
        progress = ContiguousArray(repeating: Self.unseen, count: view.count)
        for server in 0..<view.count { loads[server] = view.load(server) }
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        var best = -1
        var least = Float.infinity
        var fastest = Float.infinity
        candidates.forSome(Self.sample, &random) { server in
            fastest = min(fastest, expected(view, server, request.now))
        }
        let alike = fastest * Self.alike
        candidates.forSome(Self.sample, &random) { server in
            guard excluding.isEmpty || !excluding.contains(server) else { return }
            let cost = cost(view, server, request.now, alike)
            if cost < least || cost == least && best >= 0 && turns.isEarlier(server, than: best) {
                (best, least) = (server, cost)
            }
        }
        if best < 0 {
            guard let any = candidates.draw(&random, excluding: excluding) else { return nil }
            best = any
        }
        turns.take(view, best)
        return best
    }

    /// What one more request would take, in seconds.
    private func cost(_ view: PoolView, _ server: Int, _ now: Instant, _ alike: Float) -> Float {
        let load = view.load(server)
        let expected = max(expected(view, server, now), alike)
        let queue = Float(load &* PoolView.wholeShare) / Float(max(1, view.shares[server]))
        return (expected + Self.floor) * (queue + 1)
    }

    private func expected(_ view: PoolView, _ server: Int, _ now: Instant) -> Float {
        let load = view.load(server)
        let latency = latencies[server]
        var expected = latency.isKnown ? latency.value * Smoothed.decay(now - latency.moment, over: Self.fading) : 0
        if load > 0 {
            if progress[server] == Self.unseen { progress[server] = now.nanoseconds }
            expected = max(expected, Float(now.nanoseconds &- progress[server]) * 1e-9)
        }
        return expected
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { latencies[server] = Smoothed() }
        candidates.update(view, server)
        turns.join(view, server)
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        let load = view.load(server)
        if load < loads[server] || loads[server] == 0 { progress[server] = Self.unseen }
        loads[server] = load
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        let seconds = Float(observation.latency.seconds)
        // Failing fast is no merit, and work that was abandoned would have taken longer.
        if observation.outcome == .success || seconds > latencies[server].value {
            learn(server, seconds, observation.now)
        }
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        candidates.hear(view, server, hearsay)
        guard let seconds = hearsay.meanLatency else { return }
        progress[server] = hearsay.now.nanoseconds
        learn(server, seconds, hearsay.now)
    }

    private func learn(_ server: Int, _ seconds: Float, _ now: Instant) {
        let known = latencies[server]
        let bounded = known.isKnown ? min(seconds, Self.cut * max(known.value, Self.least)) : seconds
        latencies[server].add(bounded, now, over: Self.memory)
    }
}
