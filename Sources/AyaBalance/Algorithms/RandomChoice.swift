package import AyaCore

/// Any server, by chance, as often as its weight says.
package final class RandomChoice: Balancer {
    private var servers: WeightedSet

    package init(_ view: PoolView) {
        servers = WeightedSet(capacity: view.count)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    private init(copying other: RandomChoice) {
        servers = other.servers
    }

    package func rehearsal() -> (any Balancer)? { RandomChoice(copying: self) }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        servers.draw(&random, excluding: excluding)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        servers.set(server, share: view.isEligible(server) ? view.shares[server] : 0)
    }

    package func loadChanged(_ view: PoolView, server: Int) {}
}
