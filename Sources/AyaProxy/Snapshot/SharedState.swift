internal import AyaBalance
package import AyaConfig
package import AyaReactor
package import AyaTLS

/// What all workers share of a snapshot: limits that hold over all of them, and what they tell each other.
///
/// A reload makes it from the one before. What its configuration left alone is the very same object in both, and that
/// is how workers and the health thread know what they need not touch.
package struct SharedState: Sendable {
    package let listeners: [ClientGate]
    package let admin: ClientGate?
    package let pools: [Pool]
    let workers: Int
    package let security: Security

    /// Of one pool.
    package struct Pool: Sendable {
        /// As it is configured.
        package let blueprint: Blueprint.Pool
        /// By server position, where to connect.
        package let addresses: [BoundEndpoint]
        /// Where Aya stands, for zones.
        let zone: String?
        package let board: PoolBoard
        /// Nil when servers are not polled for their load.
        package let loads: LoadBoard?
        /// By server; nil without `max_connections`.
        let limits: [ConnectionLimit?]
        let persistence: PersistenceState?
        /// By server; nil for connections in the clear.
        package let tls: [TLSTarget]?
        /// Nil for a pool that takes whatever comes.
        let admission: Admission.Shared?

        /// It is at its `max_connections`.
        package func isFull(_ server: Int) -> Bool { limits[server]?.isFull ?? false }

        /// Nothing about it has changed.
        package func isSame(as other: Pool) -> Bool { board === other.board }

        /// By position here, the position of the same server in another pool's list; nil for those that it lacks.
        package func positions(in other: Pool) -> [Int?] {
            let known = Dictionary(
                other.blueprint.servers.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
            return blueprint.servers.indices.map { index in
                known[blueprint.servers[index].address].flatMap { addresses[index] == other.addresses[$0] ? $0 : nil }
            }
        }
    }

    /// There is no memory for what a pool is to remember.
    package struct Fault: Error, CustomStringConvertible {
        let pool: String
        let cause: SystemError

        package var description: String { "the persistence table of pool '\(pool)' can not be made: \(cause)" }
    }

    /// - Parameter former: what is in use; nil at the start.
    package init(
        _ snapshot: Snapshot, workers: Int, descriptors: DescriptorBudget, secrets: PersistenceSecrets,
        security: Security? = nil, continuing former: (state: SharedState, listeners: [Blueprint.Listener])? = nil
    ) throws(Fault) {
        let blueprint = snapshot.blueprint
        let security = security ?? Security(none: blueprint)
        self.security = security
        self.workers = workers
        let known = Dictionary(
            (former?.state.pools ?? []).map { ($0.blueprint.name, $0) }, uniquingKeysWith: { first, _ in first })
        var pools: [Pool] = []
        for (index, pool) in blueprint.pools.enumerated() {
            let former = known[pool.name]
            let (addresses, tls) = (snapshot.addresses[index], security.pools[index])
            if let former, former.blueprint == pool, former.addresses == addresses, former.zone == blueprint.zone,
                former.tls == tls
            {
                pools.append(former)
            } else {
                pools.append(
                    try Pool(
                        pool, addresses: addresses, zone: blueprint.zone, tls: tls, workers: workers, secrets: secrets,
                        continuing: former))
            }
        }
        self.pools = pools
        // Nothing can fail from here on: what is in use may be changed.
        admin =
            former?.state.admin
            ?? blueprint.admin.map { _ in ClientGate(limit: 256, limitPerClient: nil, descriptors: descriptors) }
        let gates = Dictionary(
            former.map { zip($0.listeners.map(\.name), $0.state.listeners) }.map(Array.init) ?? [],
            uniquingKeysWith: { first, _ in first })
        listeners = blueprint.listeners.map { listener in
            let limits = listener.limits
            if let gate = gates[listener.name] {
                gate.setLimits(limits.connections, perClient: limits.connectionsPerClient)
                return gate
            }
            return ClientGate(
                limit: limits.connections, limitPerClient: limits.connectionsPerClient, descriptors: descriptors)
        }
        for pool in pools { pool.settleLimits() }
    }
}

extension SharedState.Pool {
    /// A pool that is new, or no longer what it was; what is known of servers that it had before goes on.
    fileprivate init(
        _ pool: Blueprint.Pool, addresses: [BoundEndpoint], zone: String?, tls: [TLSTarget]?, workers: Int,
        secrets: PersistenceSecrets, continuing former: Self?
    ) throws(SharedState.Fault) {
        blueprint = pool
        self.addresses = addresses
        self.zone = zone
        self.tls = tls
        persistence = try Self.persistence(pool, secrets, former)
        board = PoolBoard(weights: pool.servers.map(\.weight), workers: workers)
        loads = pool.loadReports.map { _ in LoadBoard(servers: pool.servers.count) }
        admission = Admission.Shared(pool, workers: workers, continuing: former?.admission)
        let known = Dictionary(
            (former?.blueprint.servers ?? []).enumerated().map { ($1.address, $0) },
            uniquingKeysWith: { first, _ in first })
        limits = pool.servers.map { server in
            server.maxConnections.map { maximum in
                known[server.address].flatMap { former?.limits[$0] } ?? ConnectionLimit(maximum)
            }
        }
        if let former { takeVerdicts(from: former) }
    }

    /// What is held against a server holds on.
    package func takeVerdicts(from former: Self) {
        let kept = former.verdicts(thatHoldIn: blueprint)
        for (server, position) in positions(in: former).enumerated() {
            if let position { board.take(kept, from: former.board, at: position, for: server) }
        }
    }

    /// Those that stay, as whoever holds them stays and can lift them.
    private func verdicts(thatHoldIn pool: Blueprint.Pool) -> PoolView.Holds {
        var holds: PoolView.Holds = [.draining, .drained]
        if blueprint.health == pool.health, pool.health != nil { holds.formUnion([.down, .unreachable]) }
        if pool.outliers != nil { holds.insert(.ejected) }
        return holds
    }

    /// Limits that went on from before get what is configured now.
    fileprivate func settleLimits() {
        for (server, limit) in zip(blueprint.servers, limits) {
            if let limit, let maximum = server.maxConnections { limit.setMaximum(maximum) }
        }
        if case .limit(let maximum) = blueprint.concurrency { admission?.limit?.setMaximum(maximum) }
    }

    private static func persistence(
        _ pool: Blueprint.Pool, _ secrets: PersistenceSecrets, _ former: Self?
    ) throws(SharedState.Fault) -> PersistenceState? {
        guard let persistence = pool.persistence else { return nil }
        let known = former.flatMap { former in
            former.persistence.flatMap { state in former.blueprint.persistence.map { (settings: $0, state: state) } }
        }
        do {
            return try PersistenceState(persistence, pool: pool, secrets: secrets, continuing: known)
        } catch {
            throw SharedState.Fault(pool: pool.name, cause: error)
        }
    }
}
