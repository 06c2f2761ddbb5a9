package import AyaConfig
package import AyaReactor

/// What all workers share of one pool's persistence.
package struct PersistenceState: Sendable {
    package enum Way: Sendable {
        case insert(CookieSeal)
        /// Clients are remembered by a value that is theirs.
        case remember(PersistenceTable)
    }

    package let way: Way
    /// By server position: what names it in cookies, or its number in the table.
    let marks: [UInt64]
    /// The other way around.
    let positions: [UInt64: Int]

    /// Throws when there is no memory for the table that the pool asks for.
    ///
    /// - Parameter former: of the pool as it was configured before; its table goes on where it is of the same kind.
    package init(
        _ persistence: Blueprint.Persistence, pool: Blueprint.Pool, secrets: PersistenceSecrets,
        continuing former: (settings: Blueprint.Persistence, state: PersistenceState)? = nil
    ) throws(SystemError) {
        let names = pool.servers.map { "\($0.address)" }
        var known: PersistenceTable?
        if let former, former.settings.key == persistence.key, case .remember(let table) = former.state.way {
            known = table
        }
        let marks: [UInt64]
        switch persistence.key {
        case .cookie(let cookie) where cookie.mode == .insert:
            let seal = CookieSeal(secret: secrets.secret(ofPool: pool.name))
            way = .insert(seal)
            marks = names.map { seal.mark(pool: pool.name, server: $0) }
        case .cookie(let cookie): (way, marks) = try Self.table(cookie.table, names, known)
        case .sourceIP(let table), .tlsSession(let table), .header(_, let table), .query(_, let table):
            (way, marks) = try Self.table(table, names, known)
        }
        self.marks = marks
        positions = Dictionary(zip(marks, marks.indices), uniquingKeysWith: { first, _ in first })
    }

    private static func table(
        _ bounds: Blueprint.Persistence.Table, _ names: [String], _ known: PersistenceTable?
    ) throws(SystemError) -> (Way, [UInt64]) {
        let table =
            if let known { known } else { try PersistenceTable(entries: bounds.entries, timeToLive: bounds.ttl) }
        return (.remember(table), names.map { UInt64(table.number(of: $0)) })
    }
}
