internal import AyaCore

extension Validation {
    /// Settings of pools that go by what the pool does not carry or what its balancer does not look at.
    func checkPoolSettings() {
        let use = PoolUse(draft)
        for pool in draft.pools.map(\.value) {
            checkHash(pool, use)
            checkPersistence(pool, use)
            checkHealth(pool, use)
            checkFallbackAnswer(pool, use)
            checkProtocol(pool, use)
            if case .after = pool.hedge, let kind = use.layer4(pool.name), !use.http.contains(pool.name) {
                problems.warning(
                    "'hedge' of pool '\(pool.name)' has no effect: a \(kind) listener uses it", at: place(pool, .hedge))
            }
            if pool.brain?.capacity?.connectionsAhead ?? 0 > 0, let kind = use.layer4(pool.name),
                !use.http.contains(pool.name)
            {
                problems.warning(
                    "'connections_ahead' of pool '\(pool.name)' has no effect: a \(kind) listener uses it",
                    at: place(pool, .brain))
            }
            let zones = pool.servers.contains { $0.zone != nil }
            if zones, draft.zone == nil {
                problems.warning(
                    "servers of pool '\(pool.name)' have zones, but this Aya has none ('zone' at the top)",
                    at: place(pool, .servers))
            }
        }
    }

    private enum Part {
        case servers, hash, persistence, health, fallback, hedge, serverProtocol, streamsPerConnection, brain

        var key: Key {
            switch self {
            case .servers: Language.Pool.servers
            case .hash: Language.Pool.hash
            case .persistence: Language.Pool.persistence
            case .health: Language.Pool.health
            case .fallback: Language.Pool.fallback
            case .hedge: Language.Pool.hedge
            case .serverProtocol: Language.Pool.serverProtocol
            case .streamsPerConnection: Language.Pool.streamsPerConnection
            case .brain: Language.Pool.brain
            }
        }
    }

    private func place(_ pool: Blueprint.Pool, _ part: Part) -> Place? {
        draft.poolKeys[pool.name]?[part.key.name] ?? draft.poolNames[pool.name]
    }

    private func checkHash(_ pool: Blueprint.Pool, _ use: PoolUse) {
        guard draft.poolKeys[pool.name]?[Language.Pool.hash.name] != nil else { return }
        if !pool.balance.usesHashKey, pool.balance != .auto {
            let balancers = Blueprint.Balance.allCases.filter(\.usesHashKey).map { "'\($0.rawValue)'" }
            problems.warning(
                "'hash' has no effect with '\(pool.balance.rawValue)' (\(balancers.joinedAsChoice) go by it)",
                at: place(pool, .hash))
            return
        }
        if pool.hash != nil, let kind = use.layer4(pool.name) {
            problems.error(
                "pool '\(pool.name)' is used by a \(kind) listener, which can hash 'source_ip' only",
                at: place(pool, .hash))
        }
    }

    private func checkPersistence(_ pool: Blueprint.Pool, _ use: PoolUse) {
        guard let persistence = pool.persistence else { return }
        if case .tlsSession = persistence.key, !resumesSessions {
            problems.error(
                "pool '\(pool.name)' tells clients by their TLS sessions, and no listener has 'tls' with 'tickets'",
                at: place(pool, .persistence))
        }
        guard let kind = use.layer4(pool.name) else { return }
        switch persistence.key {
        case .sourceIP: break
        case .tlsSession where kind == "tcp" && !use.udp.contains(pool.name): break
        case .cookie, .header, .query, .tlsSession:
            problems.error(
                "pool '\(pool.name)' is used by a \(kind) listener, whose clients can be told by 'source_ip' only",
                at: place(pool, .persistence))
        }
    }

    private var resumesSessions: Bool {
        draft.listeners.contains { listener in
            listener.value.tls?.tickets != nil
        } || draft.listeners.count != draft.listenerCount
    }

    private func checkHealth(_ pool: Blueprint.Pool, _ use: PoolUse) {
        guard let health = pool.health else { return }
        let isUDP = use.udp.contains(pool.name)
        let isStream = use.http.contains(pool.name) || use.tcp.contains(pool.name)
        switch health.check {
        case .http where isUDP && !isStream && health.port == nil, .grpc where isUDP && !isStream && health.port == nil:
            problems.error(
                "servers of pool '\(pool.name)' speak UDP on their port: such a check needs another 'port'",
                at: place(pool, .health))
        case .udp where isStream && !isUDP && health.port == nil:
            problems.error(
                "servers of pool '\(pool.name)' speak TCP on their port: a 'udp' check needs another 'port'",
                at: place(pool, .health))
        case .http, .grpc, .tcp, .icmp, .udp, .command: break
        }
        guard pool.servers.contains(where: { if case .unix = $0.address { true } else { false } }) else { return }
        switch health.check {
        case .icmp:
            problems.error("an 'icmp' check needs addresses, and a server is a unix socket", at: place(pool, .health))
        case .udp:
            problems.error("a 'udp' check needs addresses, and a server is a unix socket", at: place(pool, .health))
        case .http, .grpc, .tcp, .command:
            if health.port != nil {
                problems.error(
                    "'port' of a check needs addresses, and a server is a unix socket", at: place(pool, .health))
            }
        }
    }

    private func checkProtocol(_ pool: Blueprint.Pool, _ use: PoolUse) {
        switch pool.serverProtocol {
        case .http:
            if draft.poolKeys[pool.name]?[Language.Pool.streamsPerConnection.name] != nil {
                problems.warning(
                    "'streams_per_connection' has no effect with 'protocol: http'",
                    at: place(pool, .streamsPerConnection))
            }
        case .auto where pool.tls == nil:
            problems.error(
                "'protocol: auto' is agreed on with TLS, which pool '\(pool.name)' has not (write 'h2' or 'http')",
                at: place(pool, .serverProtocol))
        case .h2, .auto:
            guard let kind = use.layer4(pool.name), !use.http.contains(pool.name) else { return }
            problems.warning(
                "'protocol' of pool '\(pool.name)' has no effect: a \(kind) listener uses it",
                at: place(pool, .serverProtocol))
        }
    }

    private func checkFallbackAnswer(_ pool: Blueprint.Pool, _ use: PoolUse) {
        guard let kind = use.layer4(pool.name) else { return }
        switch pool.fallback {
        case nil, .pool: break
        case .respond, .stale:
            problems.error(
                "pool '\(pool.name)' is used by a \(kind) listener, whose fallback can be a pool only",
                at: place(pool, .fallback))
        }
    }
}
