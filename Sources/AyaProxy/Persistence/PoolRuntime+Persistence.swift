internal import AyaBalance
internal import AyaCore
internal import AyaReactor

/// Sessions and flows, whose clients are known by their address, or by the TLS session that they resume.
extension PoolRuntime {
    /// `begin` for a client's session or flow: on the server it belongs to, if there is one. `identity`: of its TLS
    /// sessions; 0 without any.
    func begin(
        client: IPAddress?, identity: UInt64 = 0, excluding excluded: borrowing ExcludedServers
    ) -> ServerRuntime? {
        if let own = ownServer(of: client, identity), let server = begin(on: own, excluding: excluded) { return server }
        return begin(key: client?.balancingKey ?? 0, excluding: excluded)
    }

    /// A server has taken a client's session or flow: the next one goes there too.
    func settle(_ client: IPAddress?, identity: UInt64 = 0, on server: ServerRuntime) {
        guard let persistence, let key = persistence.key(of: client, identity) else { return }
        let former = persistence.find(key, now: worker.now)
        persistence.settle(key, on: server.index, former: former, view, now: worker.now)
    }

    private func ownServer(of client: IPAddress?, _ identity: UInt64) -> Int? {
        guard let persistence, let key = persistence.key(of: client, identity) else { return nil }
        return persistence.find(key, now: worker.now)
    }
}

extension PoolPersistence {
    /// What such a client is known by in the table; nil when it shows nothing.
    fileprivate func key(of client: IPAddress?, _ identity: UInt64) -> UInt64? {
        switch key {
        case .sourceIP: client.flatMap { address in table?.key(address) }
        case .tlsSession: identity == 0 ? nil : identity
        case .insertedCookie, .followedCookie, .header, .query: nil
        }
    }
}
