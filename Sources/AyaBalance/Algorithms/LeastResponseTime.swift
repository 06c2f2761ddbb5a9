package import AyaCore

/// The server on which one more request would be answered soonest: its latency of late, times what it has in flight.
///
/// The latency of a server that gets no work is old news. It fades with age, so that a server that was slow is tried
/// again now and then instead of being left out for good.
package final class LeastResponseTime: Balancer {
    private static let memory = Interval.seconds(1)
    private static let fading = Interval.seconds(5)
    /// Added to each latency, in seconds: differences far below do not count.
    private static let floor: Float = 1e-4

    private var servers: RankedServers
    private var latencies: ContiguousArray<Smoothed>
    private var loads: ContiguousArray<Int>
    private var now = Instant(nanoseconds: 0)
    /// Whose rank is brought up to date next.
    private var cursor = 0

    package init(_ view: PoolView) {
        servers = RankedServers(view)
        latencies = ContiguousArray(repeating: Smoothed(), count: view.count)
        loads = ContiguousArray(repeating: 0, count: view.count)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        now = request.now
        if view.count > 0 {
            cursor &+= 1
            if cursor >= view.count { cursor = 0 }
            update(view, cursor, .other)
        }
        return servers.first(view, request.now, excluding: excluding)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        loads[server] = view.load(server)
        if view.isAway(server) { latencies[server] = Smoothed() }
        servers.place(
            view, server, rank: rank(server, load: loads[server], share: Int32(truncatingIfNeeded: view.shares[server]))
        )
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        let load = view.load(server)
        update(view, server, load > loads[server] ? .begin : .end)
        loads[server] = load
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        let seconds = Float(observation.latency.seconds)
        let known = latencies[server].value
        // Failing fast is no merit, and work that was abandoned would have taken longer.
        if observation.outcome == .success || seconds > known {
            latencies[server].add(seconds, observation.now, over: Self.memory)
        }
        now = observation.now
        servers.observe(server, observation)
        update(view, server, .other)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        if let latency = hearsay.meanLatency { latencies[server].add(latency, hearsay.now, over: Self.memory) }
        now = hearsay.now
        servers.hear(server, hearsay)
        update(view, server, .other)
    }

    private func update(_ view: PoolView, _ server: Int, _ change: RankedServers.Change) {
        servers.update(server, change) { rank(server, load: view.load(server), share: $0) }
    }

    private func rank(_ server: Int, load: Int, share: Int32) -> UInt64 {
        let latency = latencies[server]
        let age = latency.isKnown ? now - latency.moment : .zero
        let expected = latency.value * Smoothed.decay(age, over: Self.fading) + Self.floor
        let queue = Float(load &* PoolView.wholeShare) / Float(max(1, share))
        return RankedServers.rank(cost: expected * (queue + 1))
    }
}
