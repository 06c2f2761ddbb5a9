internal import AyaBalance
internal import AyaCore
internal import AyaReactor

/// Sessions and flows, whose clients are known by their address.
extension PoolRuntime {
    /// `begin` for a client's session or flow: on the server it belongs to, if there is one.
    func begin(client: IPAddress?, excluding excluded: borrowing ExcludedServers) -> ServerRuntime? {
        if let own = ownServer(of: client), let server = begin(on: own, excluding: excluded) { return server }
        return begin(key: client?.balancingKey ?? 0, excluding: excluded)
    }

    /// A server has taken a client's session or flow: the next one goes there too.
    func settle(_ client: IPAddress?, on server: ServerRuntime) {
        guard let persistence, let table = persistence.table, let client else { return }
        let key = table.key(client)
        let former = persistence.find(key, now: worker.now)
        persistence.settle(key, on: server.index, former: former, view, now: worker.now)
    }

    private func ownServer(of client: IPAddress?) -> Int? {
        guard let persistence, case .sourceIP = persistence.key, let table = persistence.table, let client else {
            return nil
        }
        return persistence.find(table.key(client), now: worker.now)
    }
}
