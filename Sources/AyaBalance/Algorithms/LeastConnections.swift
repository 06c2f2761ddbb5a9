package import AyaCore

/// The server with the least work in flight for its weight; among equals, those whose turn it is.
package final class LeastConnections: Balancer {
    private var servers: RankedServers

    package init(_ view: PoolView) {
        servers = RankedServers(view)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    private init(copying other: LeastConnections) {
        servers = other.servers
    }

    package func rehearsal() -> (any Balancer)? { LeastConnections(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        view.loadByWeight(server)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        servers.first(view, request.now, excluding: excluding)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        servers.place(view, server, rank: RankedServers.rank)
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        servers.loadChanged(view, server, rank: RankedServers.rank)
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        servers.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) { servers.hear(server, hearsay) }
}
