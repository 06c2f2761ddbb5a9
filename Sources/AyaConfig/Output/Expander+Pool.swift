internal import AyaCore

extension YAMLWriter {
    mutating func write(_ pool: Blueprint.Pool) {
        typealias Keys = Language.Pool
        map(Keys.servers) { writer in
            for server in pool.servers { writer.item { $0.write(server) } }
        }
        word(Keys.balance, pool.balance.rawValue)
        writeHash(pool)
        map(Keys.zones) { $0.share(Language.Zones.spillBelow, pool.zones.spillBelow) }
        part(Keys.health, pool.health) { $0.write($1) }
        part(Keys.outliers, pool.outliers) { $0.write($1) }
        part(Keys.persistence, pool.persistence) { $0.write($1) }
        word(Keys.slowStart, pool.slowStart.map(DurationText.describe) ?? "off")
        map(Keys.timeouts) { writer in
            writer.duration(Keys.Timeouts.connect, pool.timeouts.connect)
            writer.duration(Keys.Timeouts.response, pool.timeouts.response)
            writer.duration(Keys.Timeouts.idle, pool.timeouts.idle)
        }
        writeResilience(pool)
        part(Keys.loadReports, pool.loadReports) { writer, reports in
            writer.text(Language.LoadReports.http, reports.path)
            writer.duration(Language.LoadReports.interval, reports.interval)
            if let port = reports.port { writer.count(Language.LoadReports.port, port) }
        }
        word(Keys.serverProtocol, pool.serverProtocol.rawValue)
        if pool.serverProtocol != .http { count(Keys.streamsPerConnection, pool.streamsPerConnection) }
        count(Keys.idleConnections, pool.idleConnections)
        part(Keys.brain, pool.brain) { $0.write($1) }
        part(Keys.tls, pool.tls) { $0.write($1) }
        word(Keys.proxyProtocol, pool.proxyProtocol?.rawValue ?? "off")
    }

    mutating func write(_ server: Blueprint.Server) {
        typealias Keys = Language.Server
        text(Keys.address, "\(server.address)")
        count(Keys.weight, server.weight)
        count(Keys.maxConnections, server.maxConnections)
        if let zone = server.zone { text(Keys.zone, zone) }
        boolean(Keys.backup, server.backup)
        count(Keys.priority, server.priority)
        labels(Keys.labels, server.labels)
    }

    /// Shown when a balancer goes by it, or when it was written.
    private mutating func writeHash(_ pool: Blueprint.Pool) {
        typealias Keys = Language.Hash
        switch pool.hash {
        case nil, .sourceIP: if pool.balance.usesHashKey { word(Language.Pool.hash, "source_ip") }
        case .path: word(Language.Pool.hash, "path")
        case .header(let name): map(Language.Pool.hash) { $0.text(Keys.header, name) }
        case .cookie(let name): map(Language.Pool.hash) { $0.text(Keys.cookie, name) }
        case .query(let name): map(Language.Pool.hash) { $0.text(Keys.query, name) }
        }
    }

    private mutating func write(_ persistence: Blueprint.Persistence) {
        typealias Keys = Language.Persistence
        switch persistence.key {
        case .cookie(let cookie): map(Keys.cookie) { $0.write(cookie) }
        case .sourceIP(let table): map(Keys.sourceIP) { $0.write(table) }
        case .tlsSession(let table): map(Keys.tlsSession) { $0.write(table) }
        case .header(let name, let table):
            map(Keys.header) { writer in
                writer.text(Language.HeaderKey.name, name)
                writer.write(table)
            }
        case .query(let name, let table):
            map(Keys.query) { writer in
                writer.text(Language.QueryKey.name, name)
                writer.write(table)
            }
        }
        duration(Keys.drainDeadline, persistence.drainDeadline)
    }

    private mutating func write(_ cookie: Blueprint.Persistence.Cookie) {
        typealias Keys = Language.Cookie
        text(Keys.name, cookie.name)
        word(Keys.mode, cookie.mode.rawValue)
        switch cookie.mode {
        case .insert:
            duration(Keys.maxAge, cookie.maxAge)
            if let secret = cookie.secret { text(Keys.secret, secret) }
        case .follow: write(cookie.table)
        }
    }

    private mutating func write(_ table: Blueprint.Persistence.Table) {
        duration(Language.Table.ttl, table.ttl)
        count(Language.Table.entries, table.entries)
    }
}
