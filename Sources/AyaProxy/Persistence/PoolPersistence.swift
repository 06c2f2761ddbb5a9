package import AyaBalance
package import AyaConfig
package import AyaCore
internal import AyaReactor

/// A pool's persistence as one worker runs it: finds the server that a client belongs to, and says whether it may
/// still have it.
package final class PoolPersistence {
    let key: Key
    /// How long browsers keep an inserted cookie, in seconds.
    let maxAge: UInt32?
    private let state: PersistenceState
    private let isBackup: [Bool]

    /// What tells clients apart. Names are kept as the bytes that are looked for.
    enum Key {
        case insertedCookie([UInt8])
        case followedCookie([UInt8])
        case sourceIP
        case tlsSession
        case header([UInt8])
        case query([UInt8])
    }

    package init?(_ pool: Blueprint.Pool, _ state: PersistenceState?) {
        guard let persistence = pool.persistence, let state else { return nil }
        self.state = state
        var maxAge: UInt32?
        switch persistence.key {
        case .cookie(let cookie):
            let name = Array(cookie.name.utf8)
            key = cookie.mode == .insert ? .insertedCookie(name) : .followedCookie(name)
            maxAge = cookie.maxAge.map { UInt32(clamping: max(1, $0.components.seconds)) }
        case .sourceIP: key = .sourceIP
        case .tlsSession: key = .tlsSession
        case .header(let name, _): key = .header(Array(name.utf8))
        case .query(let name, _): key = .query(Array(name.utf8))
        }
        self.maxAge = maxAge
        isBackup = pool.servers.map(\.backup)
    }

    var seal: CookieSeal? { if case .insert(let seal) = state.way { seal } else { nil } }
    var table: PersistenceTable? { if case .remember(let table) = state.way { table } else { nil } }

    /// What an inserted cookie says about a server.
    func mark(_ server: Int) -> UInt64 { state.marks[server] }
    /// The server of a cookie's mark; nil when the pool has it no more.
    func server(mark: UInt64) -> Int? { state.positions[mark] }

    /// The server that a client of the table belongs to; nil when it is new, or its server is gone.
    package func find(_ client: UInt64, now: Instant) -> Int? {
        table?.find(client, now: now).flatMap { state.positions[UInt64($0)] }
    }

    /// A server has taken a client that belonged to `former`. While that one is only full, the client remains its own.
    package func settle(_ client: UInt64, on server: Int, former: Int?, _ view: PoolView, now: Instant) {
        guard let table, former != server, !isOnlyFull(former, view) else { return }
        table.remember(client, PersistenceTable.ServerNumber(truncatingIfNeeded: state.marks[server]), now: now)
    }

    /// The server has no fault but too much work at the moment.
    func isOnlyFull(_ server: Int?, _ view: PoolView) -> Bool {
        guard let server, server < view.count else { return false }
        return view.holds[server] == .full
    }

    /// Whether a client may still have its own server, although others are not given it: one that drains takes its own
    /// clients until it has drained, one of weight 0 always, and so does one that stands by unless it is a backup.
    package func mayServe(_ server: Int, _ view: PoolView) -> Bool {
        if view.isEligible(server) { return true }
        let holds = view.holds[server]
        return holds.isSubset(of: [.draining, .standby]) && !(holds.contains(.standby) && isBackup[server])
    }
}
