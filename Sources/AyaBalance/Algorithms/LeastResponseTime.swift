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
    private var now = Instant(nanoseconds: 0)

    package init(_ view: PoolView) {
        servers = RankedServers(view)
        latencies = ContiguousArray(repeating: Smoothed(), count: view.count)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    private init(copying other: LeastResponseTime) {
        servers = other.servers
        latencies = other.latencies
        now = other.now
    }

    package func rehearsal() -> (any Balancer)? { LeastResponseTime(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        Double(cost(server, load: view.load(server), share: view.shares[server], now))
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        now = request.now
        // One server a pick: latencies that have grown old come to notice.
        if let next = servers.next() { update(next) }
        return servers.first(view, request.now, excluding: excluding)
    }

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        guard let former = former as? LeastResponseTime else { return }
        latencies[server] = former.latencies[position]
        eligibilityChanged(view, server: server)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { latencies[server] = Smoothed() }
        servers.place(view, server) { rank(server, load: $0, share: $1) }
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        servers.loadChanged(view, server) { rank(server, load: $0, share: $1) }
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
        update(server)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        if let latency = hearsay.meanLatency { latencies[server].add(latency, hearsay.now, over: Self.memory) }
        now = hearsay.now
        servers.hear(server, hearsay)
        update(server)
    }

    private func update(_ server: Int) { servers.update(server) { rank(server, load: $0, share: $1) } }

    private func rank(_ server: Int, load: Int, share: Int32) -> UInt64 {
        RankedServers.rank(cost: cost(server, load: load, share: Int(share), now))
    }

    private func cost(_ server: Int, load: Int, share: Int, _ now: Instant) -> Float {
        let latency = latencies[server]
        let age = latency.isKnown ? now - latency.moment : .zero
        let expected = latency.value * Smoothed.decay(age, over: Self.fading) + Self.floor
        let queue = Float(load &* PoolView.wholeShare) / Float(max(1, share))
        return expected * (queue + 1)
    }
}
