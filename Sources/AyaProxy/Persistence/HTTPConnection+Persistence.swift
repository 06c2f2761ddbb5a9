internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS

/// What an exchange knows about the server that its client belongs to.
struct PersistentClient {
    /// The pool keeps clients on their servers.
    var isOn = false
    /// What the client is known by in the table; nil when it shows nothing.
    var key: UInt64?
    /// The server it belongs to.
    var server: Int?
    /// Its cookie is to be set anew, although the server stays.
    var isAging = false
}

extension HTTPConnection {
    /// Begins work on the server of this pool that the client belongs to; nil when it has none, or may not have it.
    func beginOnOwnServer(
        _ exchange: Exchange, of pool: PoolRuntime, excluding excluded: borrowing ExcludedServers
    ) -> ServerRuntime? {
        guard let persistence = pool.persistence else { return nil }
        find(exchange, persistence)
        guard let own = exchange.persistent.server else { return nil }
        return pool.begin(on: own, subset: exchange.subset, excluding: excluded)
    }

    /// The share of a split in whose pool the client has a server already.
    func ownDestination(_ exchange: Exchange, in split: PoolSplit) -> Destination? {
        guard !split.persistent.isEmpty else { return nil }
        for destination in split.persistent {
            guard let persistence = destination.pool.persistence else { continue }
            find(exchange, persistence)
            if exchange.persistent.server != nil { return destination }
        }
        // The pool that is chosen now may have no persistence.
        exchange.persistent = PersistentClient()
        return nil
    }

    private func find(_ exchange: Exchange, _ persistence: PoolPersistence) {
        exchange.persistent = PersistentClient(isOn: true)
        switch persistence.key {
        case .insertedCookie(let name): readInserted(name, exchange, persistence)
        case .followedCookie(let name):
            if let value = cookieValue(name, exchange.request) { look(for: value, exchange, persistence) }
        case .header(let name):
            if let value = fieldValue(name, exchange.request) { look(for: value, exchange, persistence) }
        case .query(let name):
            if let value = queryValue(name, exchange.request) { look(for: value, exchange, persistence) }
        case .tlsSession:
            guard let identity = tls?.identity, identity != 0 else { return }
            look(for: identity, exchange, persistence)
        case .sourceIP:
            guard let table = persistence.table, let address = exchange.forwardedClient ?? client?.ip else { return }
            look(for: table.key(address), exchange, persistence)
        }
    }

    private func look(for value: Slice, _ exchange: Exchange, _ persistence: PoolPersistence) {
        guard let table = persistence.table else { return }
        unsafe look(for: table.key(bytes(value).span), exchange, persistence)
    }

    private func look(for key: UInt64, _ exchange: Exchange, _ persistence: PoolPersistence) {
        exchange.persistent.key = key
        exchange.persistent.server = persistence.find(key, now: worker.now)
    }

    private func readInserted(_ name: [UInt8], _ exchange: Exchange, _ persistence: PoolPersistence) {
        guard let value = cookieValue(name, exchange.request),
            let contents = unsafe persistence.seal?.read(bytes(value).span)
        else { return }
        if let maxAge = persistence.maxAge {
            // Other machines' clocks may be ahead; a cookie from the future is a fresh one.
            let age = Int64(wallSeconds) - Int64(contents.setAt)
            if age > Int64(maxAge) { return }
            exchange.persistent.isAging = age > Int64(maxAge / 2)
        }
        exchange.persistent.server = persistence.server(mark: contents.mark)
    }

    private var wallSeconds: UInt32 { UInt32(truncatingIfNeeded: worker.wallClock / 1_000_000_000) }

    /// The server whose response is being written has taken the client: it is remembered, in a table or by a cookie
    /// that goes with the response.
    func settlePersistence(_ exchange: Exchange, to out: Buffer) {
        guard let pool = exchange.pool, let persistence = pool.persistence, let server = exchange.server else { return }
        let client = exchange.persistent
        switch persistence.key {
        case .insertedCookie(let name):
            guard client.server != server.index || client.isAging, !persistence.isOnlyFull(client.server, pool.view)
            else { return }
            writeCookie(name, persistence, server.index, to: out)
        case .followedCookie(let name): follow(name, exchange, persistence, pool)
        case .header, .query, .sourceIP, .tlsSession:
            guard let key = client.key else { return }
            persistence.settle(key, on: server.index, former: client.server, pool.view, now: worker.now)
        }
    }

    private func writeCookie(_ name: [UInt8], _ persistence: PoolPersistence, _ server: Int, to out: Buffer) {
        guard let seal = persistence.seal else { return }
        let contents = CookieSeal.Contents(mark: persistence.mark(server), setAt: wallSeconds)
        out.append("Set-Cookie: ")
        out.append(name)
        out.append("=")
        seal.write(contents, chance: UInt32(truncatingIfNeeded: worker.random.next()), to: out)
        if let maxAge = persistence.maxAge {
            out.append("; Max-Age=")
            out.append(decimal: UInt64(maxAge))
        }
        out.append("; Path=/; HttpOnly; SameSite=Lax")
        if tls != nil { out.append("; Secure") }
        out.append("\r\n")
    }

    /// Remembers which server has set the application's cookie; without a new one, a known client whose server could
    /// not serve it moves to the one that did.
    private func follow(_ name: [UInt8], _ exchange: Exchange, _ persistence: PoolPersistence, _ pool: PoolRuntime) {
        guard let table = persistence.table, let server = exchange.server else { return }
        let now = worker.now
        for field in exchange.response.fields where field.known == .setCookie {
            let line = unsafe answerBytes(exchange, field.value).span
            // What follows the first semicolon are attributes (RFC 6265 section 4.1.1).
            var end = 0
            while end < line.count, line[end] != UInt8(ascii: ";") { end &+= 1 }
            let pair = line.extracting(0..<end)
            guard let value = CookieScanner.value(of: name.span, in: pair), !value.isEmpty else { continue }
            let key = table.key(pair.extracting(value))
            persistence.settle(key, on: server.index, former: nil, pool.view, now: now)
            return
        }
        guard let key = exchange.persistent.key, let former = exchange.persistent.server else { return }
        persistence.settle(key, on: server.index, former: former, pool.view, now: now)
    }
}
