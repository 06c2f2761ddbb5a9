package import AyaConfig
internal import AyaReactor
package import AyaTLS

/// What all workers share, made once for a snapshot: limits that hold over all of them, and what they tell each other.
package struct SharedState: Sendable {
    package let listeners: [ClientGate]
    package let admin: ClientGate?
    package let pools: [Pool]
    let workers: Int
    package let security: Security

    /// Of one pool.
    package struct Pool: Sendable {
        package let board: PoolBoard
        /// Nil when servers are not polled for their load.
        package let loads: LoadBoard?
        /// By server; nil without `max_connections`.
        let limits: [ConnectionLimit?]
        let persistence: PersistenceState?
        /// By server; nil for connections in the clear.
        package let tls: [TLSTarget]?

        /// It is at its `max_connections`.
        package func isFull(_ server: Int) -> Bool { limits[server]?.isFull ?? false }
        /// Nil for a pool that takes whatever comes.
        let admission: Admission.Shared?
    }

    /// There is no memory for what a pool is to remember.
    package struct Fault: Error, CustomStringConvertible {
        let pool: String
        let cause: SystemError

        package var description: String { "the persistence table of pool '\(pool)' can not be made: \(cause)" }
    }

    package init(
        _ blueprint: Blueprint, workers: Int, descriptors: DescriptorBudget, secrets: PersistenceSecrets,
        security: Security? = nil
    ) throws(Fault) {
        let security = security ?? Security(none: blueprint)
        self.security = security
        listeners = blueprint.listeners.map {
            ClientGate(
                limit: $0.limits.connections, limitPerClient: $0.limits.connectionsPerClient, descriptors: descriptors)
        }
        admin = blueprint.admin.map { _ in ClientGate(limit: 256, limitPerClient: nil, descriptors: descriptors) }
        self.workers = workers
        var pools: [Pool] = []
        for (pool, tls) in zip(blueprint.pools, security.pools) {
            let made = Pool(
                board: PoolBoard(weights: pool.servers.map(\.weight), workers: workers),
                loads: pool.loadReports.map { _ in LoadBoard(servers: pool.servers.count) },
                limits: pool.servers.map { $0.maxConnections.map(ConnectionLimit.init) },
                persistence: try Self.persistence(pool, secrets),
                tls: tls,
                admission: Admission.Shared(pool, workers: workers))
            pools.append(made)
        }
        self.pools = pools
    }

    private static func persistence(
        _ pool: Blueprint.Pool, _ secrets: PersistenceSecrets
    ) throws(Fault) -> PersistenceState? {
        guard let persistence = pool.persistence else { return nil }
        do {
            return try PersistenceState(persistence, pool: pool, secrets: secrets)
        } catch {
            throw Fault(pool: pool.name, cause: error)
        }
    }
}
