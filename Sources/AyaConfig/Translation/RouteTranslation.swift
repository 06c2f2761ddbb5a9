internal import AyaCore

extension Translation {
    mutating func translateRoute(_ entry: Node.Entry) {
        typealias Keys = Language.Route
        let title = "route '\(entry.key)'"
        draft.routeCount += 1
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader) else { return }
        draft.routeKeys[entry.key] = map.keyPlaces
        let errors = problems.errorCount
        let host = map.text(Keys.host, .host, HostPatternText.parse)
        let path = map.text(Keys.path, .path, PathPatternText.parse)
        let methods = methods(map)
        let headers = conditions(map.entries(Keys.headers), HTTPText.headerName, HTTPText.headerValue)
        let cookies = conditions(map.entries(Keys.cookies), HTTPText.cookieName, HTTPText.cookieValue)
        let query = conditions(map.entries(Keys.query), HTTPText.queryName, HTTPText.queryValue)
        let listeners = listeners(map)
        let priority = map.integer(Keys.priority) ?? 0
        let timeout = map.isSwitchedOff(Keys.timeout, by: "none") ? nil : map.duration(Keys.timeout)
        let action = action(map, title)
        let treatment = treatment(map, title)
        let slo = objective(map, title)
        // A route that lost a condition to a mistake would match more than was meant, and look equal to others.
        guard let action, problems.errorCount == errors else { return }
        var route = Blueprint.Route(
            name: entry.key, host: host, path: path, methods: methods, headers: headers, cookies: cookies,
            query: query, priority: priority, action: action, timeout: timeout)
        route.listeners = listeners
        treatment.apply(to: &route)
        route.slo = slo
        route.grpcWeb = grpcWeb(map, title)
        draft.routes.append(Placed(value: route, place: entry.keyNode.place))
    }

    private func grpcWeb(_ map: SectionReader, _ title: String) -> Blueprint.GRPCWeb? {
        typealias Keys = Language.GRPCWeb
        let key = Language.Route.grpcWeb
        guard case .map? = map.node(key)?.content else { return map.boolean(key) == true ? .init() : nil }
        guard let map = map.section(key, Keys.section, title: "the gRPC-Web of \(title)") else { return nil }
        return .init(
            origins: map.items(Keys.origins)?.compactMap { reader.text($0, .origin, OriginText.parse) } ?? [],
            expose: map.items(Keys.expose)?.compactMap { reader.text($0, .headerName, HTTPText.headerName) } ?? [])
    }

    private func methods(_ map: SectionReader) -> [String] {
        let key = Language.Route.methods
        return sorted(map, key, without: "every method matches") { reader.text($0, .method, HTTPText.method) }
    }

    private func listeners(_ map: SectionReader) -> [String] {
        sorted(map, Language.Route.listeners, without: "the requests of every listener match") {
            reader.text($0, TextForm.listenerName.what)
        }
    }

    /// A list that stands for what may be, in one order. An empty one is a mistake: nothing would match.
    private func sorted(
        _ map: SectionReader, _ key: Key, without meaning: String, _ read: (Node) -> String?
    ) -> [String] {
        guard let items = map.items(key) else { return [] }
        if items.isEmpty {
            problems.error("'\(key.name)' is empty (without it \(meaning))", at: map.node(key)?.place)
        }
        var found: Set<String> = []
        for node in items {
            guard let text = read(node) else { continue }
            if !found.insert(text).inserted {
                problems.error("'\(shortened(text))' stands here a second time", at: node.place)
            }
        }
        return found.sorted()
    }

    /// Names and values, sorted by name; the same name twice (header names ignore case) is an error.
    func conditions(
        _ entries: [Node.Entry]?, _ name: (String) throws(InvalidText) -> String,
        _ value: (String) throws(InvalidText) -> String
    ) -> [Blueprint.Route.Condition] {
        var found: [String: String] = [:]
        for entry in entries ?? [] {
            let key = reader.parsed(entry.key, at: entry.keyNode.place, name)
            let text = reader.text(entry.value, .body, value)
            guard let key, let text else { continue }
            if found.updateValue(text, forKey: key) != nil {
                problems.error("'\(shortened(key))' stands here a second time", at: entry.keyNode.place)
            }
        }
        return found.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) }
    }
}
