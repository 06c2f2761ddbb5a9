internal import AyaCore

extension Translation {
    mutating func translatePool(_ entry: Node.Entry) {
        typealias Keys = Language.Pool
        draft.poolNames[entry.key] = entry.keyNode.place
        let title = "pool '\(entry.key)'"
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader) else { return }
        var pool = Blueprint.Pool(name: entry.key, servers: servers(map, title))
        if let name = map.word(Keys.balance, noun: "balancer"), let balance = Blueprint.Balance(rawValue: name) {
            pool.balance = balance
        }
        if let map = map.section(Keys.timeouts, Keys.Timeouts.section, title: "the timeouts of \(title)") {
            if let value = map.duration(Keys.Timeouts.connect) { pool.timeouts.connect = value }
            if let value = map.duration(Keys.Timeouts.response) { pool.timeouts.response = value }
            if let value = map.duration(Keys.Timeouts.idle) { pool.timeouts.idle = value }
        }
        if let map = map.section(Keys.retry, Keys.Retry.section, title: "the retry of \(title)") {
            if let value = map.integer(Keys.Retry.attempts) { pool.retry.attempts = value }
        }
        if let value = map.integer(Keys.idleConnections) { pool.idleConnections = value }
        pool.proxyProtocol = map.word(Keys.proxyProtocol).flatMap(Blueprint.ProxyProtocolVersion.init)
        draft.pools.append(Placed(value: pool, place: entry.keyNode.place))
    }

    private func servers(_ map: SectionReader, _ title: String) -> [Blueprint.Server] {
        guard let node = map.node(Language.Pool.servers),
            let items = reader.list(node, "a list of servers")
        else { return [] }
        if items.isEmpty { problems.error("\(title) has no servers", at: node.place) }
        var servers: [Blueprint.Server] = []
        var seen: [Endpoint: Place] = [:]
        for item in items {
            guard let server = server(item, title) else { continue }
            if let first = seen[server.address] {
                let other = problems.reference(to: first, from: item.place)
                problems.error(
                    "server '\(server.address)' stands here a second time; first on \(other) "
                        + "(a 'weight' gives it more work)", at: item.place)
                continue
            }
            seen[server.address] = item.place
            servers.append(server)
        }
        if !servers.isEmpty, servers.count == items.count, servers.allSatisfy({ $0.weight == 0 }) {
            problems.warning("every server of \(title) has weight 0: it takes no work", at: node.place)
        }
        return servers
    }

    private func server(_ node: Node, _ title: String) -> Blueprint.Server? {
        typealias Keys = Language.Server
        guard case .map = node.content else {
            return reader.text(node, .serverAddress, EndpointText.server).map { .init(address: $0) }
        }
        guard let map = SectionReader(node, Keys.section, title: "a server of \(title)", reader) else { return nil }
        let address = map.text(Keys.address, .serverAddress, EndpointText.server)
        let weight = map.integer(Keys.weight) ?? 1
        let most = map.isSwitchedOff(Keys.maxConnections, by: "none") ? nil : map.integer(Keys.maxConnections)
        return address.map { .init(address: $0, weight: weight, maxConnections: most) }
    }
}
