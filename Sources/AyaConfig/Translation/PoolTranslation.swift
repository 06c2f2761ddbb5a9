internal import AyaCore

extension Translation {
    mutating func translatePool(_ entry: Node.Entry) {
        typealias Keys = Language.Pool
        draft.poolNames[entry.key] = entry.keyNode.place
        let title = "pool '\(entry.key)'"
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader) else { return }
        draft.poolKeys[entry.key] = map.keyPlaces
        var pool = Blueprint.Pool(name: entry.key, servers: servers(map, title))
        if let name = map.word(Keys.balance, noun: "balancer"), let balance = Blueprint.Balance(rawValue: name) {
            pool.balance = balance
        }
        pool.hash = hash(map, title)
        if let map = map.section(Keys.zones, Language.Zones.section, title: "the zones of \(title)") {
            if let value = map.share(Language.Zones.spillBelow) { pool.zones.spillBelow = value }
        }
        pool.health = health(map, title)
        pool.outliers = outliers(map, title)
        pool.persistence = persistence(map, title)
        pool.slowStart = map.isSwitchedOff(Keys.slowStart, by: "off") ? nil : map.duration(Keys.slowStart)
        if let map = map.section(Keys.timeouts, Keys.Timeouts.section, title: "the timeouts of \(title)") {
            if let value = map.duration(Keys.Timeouts.connect) { pool.timeouts.connect = value }
            if let value = map.duration(Keys.Timeouts.response) { pool.timeouts.response = value }
            if let value = map.duration(Keys.Timeouts.idle) { pool.timeouts.idle = value }
        }
        pool.retry = retry(map, title)
        pool.hedge = hedge(map, title)
        pool.breaker = breaker(map, title)
        pool.queue = queue(map, title)
        pool.concurrency = concurrency(map, title)
        pool.fallback = fallback(map, entry.key)
        pool.loadReports = loadReports(map, title)
        if let word = map.word(Keys.serverProtocol, noun: "protocol") {
            pool.serverProtocol = word == "grpc" ? .h2 : Blueprint.ServerProtocol(rawValue: word) ?? .http
        }
        if let value = map.integer(Keys.streamsPerConnection) { pool.streamsPerConnection = value }
        if let value = map.integer(Keys.idleConnections) { pool.idleConnections = value }
        pool.brain = brain(map, title)
        // Servers that come because of a forecast come cold.
        if pool.brain?.capacity != nil, map.node(Keys.slowStart) == nil { pool.slowStart = .seconds(10) }
        checkTuning(of: pool, map)
        pool.tls = poolTLS(map, title)
        pool.proxyProtocol = map.word(Keys.proxyProtocol).flatMap(Blueprint.ProxyProtocolVersion.init)
        draft.pools.append(Placed(value: pool, place: entry.keyNode.place))
    }

    /// The client's address is what nil stands for.
    private func hash(_ map: SectionReader, _ title: String) -> Blueprint.HashKey? {
        typealias Keys = Language.Hash
        guard let node = map.node(Language.Pool.hash) else { return nil }
        if case .scalar = node.content {
            return map.word(Language.Pool.hash, noun: "hash key") == "path" ? .path : nil
        }
        guard let map = map.section(Language.Pool.hash, Keys.section, title: "the hash of \(title)") else { return nil }
        _ = map.only(of: [Keys.header, Keys.cookie, Keys.query], "the hash of \(title)", noun: "key")
        if let name = map.text(Keys.header, .headerName, HTTPText.headerName) { return .header(name) }
        if let name = map.text(Keys.cookie, .cookieName, HTTPText.cookieName) { return .cookie(name) }
        if let name = map.text(Keys.query, .queryName, HTTPText.queryName) { return .query(name) }
        return nil
    }

    private func loadReports(_ map: SectionReader, _ title: String) -> Blueprint.LoadReports? {
        typealias Keys = Language.LoadReports
        let key = Language.Pool.loadReports
        guard !map.isSwitchedOff(key, by: "off"), let node = map.node(key) else { return nil }
        if case .scalar = node.content {
            return reader.text(node, .probePath, ProbeText.path).map { .init(path: $0) }
        }
        guard let map = map.section(key, Keys.section, title: "the load reports of \(title)"),
            let path = map.text(Keys.http, .probePath, ProbeText.path)
        else { return nil }
        var reports = Blueprint.LoadReports(path: path)
        if let value = map.duration(Keys.interval) { reports.interval = value }
        reports.port = map.integer(Keys.port)
        return reports
    }
}
