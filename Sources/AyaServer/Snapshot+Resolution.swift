internal import AyaConfig
internal import AyaProxy
internal import AyaReactor

extension Snapshot {
    /// Resolves every name of a blueprint.
    init(resolving blueprint: Blueprint, generation: Int) throws(StartError) {
        var addresses: [[BoundEndpoint]] = []
        for pool in blueprint.pools {
            var servers: [BoundEndpoint] = []
            for server in pool.servers { servers.append(try Resolver.bound(server.address)) }
            addresses.append(servers)
        }
        var binds: [BoundEndpoint] = []
        for listener in blueprint.listeners { binds.append(try Resolver.bound(listener.bind)) }
        self.init(
            blueprint: blueprint, generation: generation, addresses: addresses, binds: binds,
            adminBind: try blueprint.admin.map { admin throws(StartError) in try Resolver.bound(admin.bind) })
    }
}
