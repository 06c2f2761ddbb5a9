package import AyaCore

/// The server with the most room for one more, by what the servers themselves report of their processors, memory and
/// devices, and by what is in flight since.
///
/// Sending to whoever reported the least load drowns that server until its next report. So a report does not choose; it
/// scales: the room a server says it has left works as its weight, and what is in flight is compared by it. A report
/// that grows old counts as if the server were as busy as most.
package final class Resource: Balancer {
    /// A report is taken as the present for so long.
    private static let lifetime = Interval.seconds(15)
    private static let smoothing = Interval.seconds(2)
    /// What is left even of a server that says it has nothing left: it may recover, or exaggerate.
    private static let leastRoom: Float = 0.05

    private var servers: RankedServers
    private var busyness: ContiguousArray<Smoothed>
    /// Of all servers: what is assumed of one that does not report.
    private var usual = Smoothed()
    private var now = Instant(nanoseconds: 0)

    package init(_ view: PoolView) {
        servers = RankedServers(view)
        busyness = ContiguousArray(repeating: Smoothed(), count: view.count)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    private init(copying other: Resource) {
        servers = other.servers
        busyness = other.busyness
        usual = other.usual
        now = other.now
    }

    package func rehearsal() -> (any Balancer)? { Resource(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        Double(cost(server, load: view.load(server), share: view.shares[server], now))
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        now = request.now
        // One server a pick: reports that have grown old come to notice.
        if let next = servers.next() { update(next) }
        return servers.first(view, request.now, excluding: excluding)
    }

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        guard let former = former as? Resource else { return }
        usual = former.usual
        busyness[server] = former.busyness[position]
        eligibilityChanged(view, server: server)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { busyness[server] = Smoothed() }
        servers.place(view, server) { rank(server, load: $0, share: $1) }
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        servers.loadChanged(view, server) { rank(server, load: $0, share: $1) }
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        servers.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) { servers.hear(server, hearsay) }

    package func reported(_ view: PoolView, server: Int, _ report: LoadReport, now: Instant) {
        guard let utilisation = report.utilisation else { return }
        self.now = now
        busyness[server].add(Float(utilisation), now, over: Self.smoothing)
        usual.add(Float(utilisation), now, over: Self.smoothing)
        update(server)
    }

    private func update(_ server: Int) { servers.update(server) { rank(server, load: $0, share: $1) } }

    private func rank(_ server: Int, load: Int, share: Int32) -> UInt64 {
        RankedServers.rank(cost: cost(server, load: load, share: Int(share), now))
    }

    private func cost(_ server: Int, load: Int, share: Int, _ now: Instant) -> Float {
        let report = busyness[server]
        let isFresh = report.isKnown && now - report.moment < Self.lifetime
        let room = max(Self.leastRoom, 1 - (isFresh ? report.value : usual.value))
        let queue = Float(load &* PoolView.wholeShare) / Float(max(1, share))
        // Where nobody reports, all have the same room and this is least connections.
        return usual.isKnown ? (queue + 1) / room : queue
    }
}
