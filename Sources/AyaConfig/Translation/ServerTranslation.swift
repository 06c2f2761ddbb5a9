internal import AyaCore

extension Translation {
    func servers(_ map: SectionReader, _ title: String) -> [Blueprint.Server] {
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
        guard !servers.isEmpty, servers.count == items.count else { return servers }
        if servers.allSatisfy({ $0.weight == 0 }) {
            problems.warning("every server of \(title) has weight 0: it takes no work", at: node.place)
        }
        if servers.allSatisfy(\.backup) {
            problems.error("every server of \(title) is a backup: there is none to stand in for", at: node.place)
        }
        return servers
    }

    func server(_ node: Node, _ title: String) -> Blueprint.Server? {
        typealias Keys = Language.Server
        guard case .map = node.content else {
            return reader.text(node, .serverAddress, EndpointText.server).map { .init(address: $0) }
        }
        guard let map = SectionReader(node, Keys.section, title: "a server of \(title)", reader) else { return nil }
        let address = map.text(Keys.address, .serverAddress, EndpointText.server)
        let weight = map.integer(Keys.weight) ?? 1
        let most = map.isSwitchedOff(Keys.maxConnections, by: "none") ? nil : map.integer(Keys.maxConnections)
        let zone = map.text(Keys.zone, .zone, LabelText.zone)
        let backup = map.boolean(Keys.backup) ?? false
        let priority = map.integer(Keys.priority) ?? 0
        let labels = labels(map, Keys.labels)
        return address.map {
            .init(
                address: $0, weight: weight, maxConnections: most, zone: zone, backup: backup, priority: priority,
                labels: labels)
        }
    }

    /// Labels and their values, of a server or of a route's subset.
    func labels(_ map: SectionReader, _ key: Key) -> [String: String] {
        let pairs = conditions(map.entries(key), LabelText.label, LabelText.label)
        return Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
