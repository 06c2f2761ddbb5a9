package import AyaCore

/// The server with the least work in flight for its weight; among equals, those whose turn it is.
package final class LeastConnections: Balancer {
    private var servers: RankedServers
    private var loads: ContiguousArray<Int>

    package init(_ view: PoolView) {
        servers = RankedServers(view)
        loads = ContiguousArray(repeating: 0, count: view.count)
        for server in 0..<view.count { eligibilityChanged(view, server: server) }
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        servers.first(view, request.now, excluding: excluding)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        loads[server] = view.load(server)
        let share = Int32(truncatingIfNeeded: view.shares[server])
        servers.place(view, server, rank: RankedServers.rank(load: loads[server], share: share))
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        let load = view.load(server)
        servers.update(server, load > loads[server] ? .begin : .end) { RankedServers.rank(load: load, share: $0) }
        loads[server] = load
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        servers.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) { servers.hear(server, hearsay) }
}
