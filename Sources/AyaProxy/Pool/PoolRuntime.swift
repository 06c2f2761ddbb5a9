package import AyaBalance
package import AyaConfig
package import AyaCore
internal import AyaReactor
package import AyaTelemetry

/// A pool as one worker runs it: its balancer, its servers, their connections.
package final class PoolRuntime {
    package let name: [UInt8]
    package let servers: ContiguousArray<ServerRuntime>
    package let timeouts: Timeouts
    /// Tries in all.
    package let attempts: Int
    package let proxyProtocol: Blueprint.ProxyProtocolVersion?
    package let metrics: PoolMetrics
    package let view: PoolView
    private let balancer: any Balancer
    private let worker: Worker

    /// In the data plane's clock.
    package struct Timeouts {
        package var connect: Interval
        package var response: Interval
        package var idle: Interval
    }

    init(
        _ blueprint: Blueprint.Pool, addresses: [BoundEndpoint], limits: [ConnectionLimit?], metrics: PoolMetrics,
        worker: Worker
    ) {
        self.worker = worker
        self.metrics = metrics
        name = Array(blueprint.name.utf8)
        attempts = max(1, blueprint.retry.attempts)
        proxyProtocol = blueprint.proxyProtocol
        let timeouts = Timeouts(
            connect: Interval(blueprint.timeouts.connect), response: Interval(blueprint.timeouts.response),
            idle: Interval(blueprint.timeouts.idle))
        self.timeouts = timeouts
        servers = ContiguousArray(
            blueprint.servers.indices.map { index in
                ServerRuntime(
                    index: index, endpoint: addresses[index], name: "\(blueprint.servers[index].address)",
                    metrics: metrics.servers[index],
                    idle: IdleConnections(limit: blueprint.idleConnections, timeout: timeouts.idle, worker: worker),
                    limit: limits[index])
            })
        view = PoolView(weights: blueprint.servers.map(\.weight))
        let kind: BalancerKind =
            switch blueprint.balance {
            case .leastConnections, .weightedLeastConnections: .leastConnections
            case .roundRobin, .weightedRoundRobin, .sourceIPHash, .leastResponseTime, .resource, .random, .powerOfTwo,
                .peakEWMA, .prequal, .consistentHash, .maglev, .auto:
                .roundRobin
            }
        balancer = kind.makeBalancer(for: view)
    }

    /// A server for new work, which has begun on it; `finish` ends it. Nil when none is available.
    package func begin(key: UInt64 = 0, excluding excluded: borrowing ExcludedServers) -> ServerRuntime? {
        while let index = balancer.pick(view, key: key, excluding: excluded, random: &worker.random) {
            let server = servers[index]
            if let limit = server.limit, !limit.take() {
                // Lifted when work ends on it here, or by the housekeeper when it ended on another worker.
                view.set(.full, true, on: index)
                continue
            }
            view.begin(index)
            server.metrics.counts.inFlight &+= 1
            return server
        }
        return nil
    }

    /// Work that `begin` began is over.
    package func finish(_ server: ServerRuntime) {
        view.end(server.index)
        server.metrics.counts.inFlight &-= 1
        if let limit = server.limit {
            limit.giveBack()
            view.set(.full, false, on: server.index)
        }
    }

    func keepHouse() {
        for server in servers {
            server.idle.dropExpired()
            server.metrics.counts.connectionsIdle = server.idle.count
            if let limit = server.limit { view.set(.full, limit.isFull, on: server.index) }
        }
    }

    func dropIdle() {
        for server in servers { server.idle.dropAll() }
    }
}
