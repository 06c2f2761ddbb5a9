internal import AyaCore

extension Translation {
    mutating func action(_ map: SectionReader, _ title: String) -> Blueprint.Route.Action? {
        let present = Language.Route.actions.filter { map.node($0) != nil }
        if present.isEmpty {
            problems.error("\(title) has no action ('pool', 'redirect' or 'respond')", at: map.place)
        }
        for key in present.dropFirst() {
            problems.error(
                "\(title) has two actions, '\(present[0].name)' and '\(key.name)'", at: map.keyPlace(key))
        }
        var action: Blueprint.Route.Action?
        if let node = map.node(Language.Route.pool) { action = shares(node).map { .forward($0) } }
        if let node = map.node(Language.Route.redirect) { action = redirect(node, title).map { .redirect($0) } }
        if let node = map.node(Language.Route.respond) { action = respond(node, title).map { .respond($0) } }
        return action
    }

    /// A pool's name, or weights by name.
    private mutating func shares(_ node: Node) -> [Blueprint.Route.Share]? {
        guard case .map(let entries) = node.content else {
            guard let pool = reader.text(node, "the name of a pool, or weights such as '{ web: 95, canary: 5 }'")
            else { return nil }
            draft.routePools.append(.init(pool: pool, place: node.place))
            return [.init(pool: pool, weight: 1)]
        }
        var shares: [Blueprint.Route.Share] = []
        for entry in entries {
            draft.routePools.append(.init(pool: entry.key, place: entry.keyNode.place))
            if let weight = reader.integer(entry.value, Language.weights) {
                shares.append(.init(pool: entry.key, weight: weight))
            }
        }
        guard !entries.isEmpty else {
            problems.error("the split names no pool", at: node.place)
            return nil
        }
        guard shares.count == entries.count else { return nil }
        if shares.allSatisfy({ $0.weight == 0 }) {
            problems.error("every weight of the split is 0", at: node.place)
        }
        return shares.sorted { $0.pool < $1.pool }
    }

    private func redirect(_ node: Node, _ title: String) -> Blueprint.Route.Redirect? {
        typealias Keys = Language.Redirect
        if case .scalar = node.content {
            return reader.text(node, .location, HTTPText.location).map { .init(to: $0) }
        }
        guard let map = SectionReader(node, Keys.section, title: "the redirect of \(title)", reader),
            let to = map.text(Keys.to, .location, HTTPText.location)
        else { return nil }
        guard let status = map.node(Keys.status) else { return .init(to: to) }
        guard let text = reader.text(status, Keys.status.type.expectation) else { return nil }
        guard case .number(let statuses) = Keys.status.type, let number = Int(text), statuses.contains(number) else {
            reader.report(expected: "a redirect status (\(Keys.status.type.expectation))", status)
            return nil
        }
        return .init(to: to, status: number)
    }

    /// A fixed answer; `title` names whose.
    func respond(_ node: Node, _ title: String) -> Blueprint.Route.FixedResponse? {
        typealias Keys = Language.Respond
        if case .scalar = node.content {
            return reader.integer(node, Keys.statuses).map { .init(status: $0) }
        }
        guard let map = SectionReader(node, Keys.section, title: "the answer of \(title)", reader) else { return nil }
        let status = map.integer(Keys.status)
        let headers = conditions(map.entries(Keys.headers), Self.answerHeaderName, HTTPText.headerValue)
        let size = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if size > Keys.largestHead.bytes {
            problems.error(
                "the headers of an answer have at most \(Keys.largestHead)", at: map.node(Keys.headers)?.place)
        }
        let body = map.node(Keys.body).flatMap { reader.text($0, .body, Self.answerBody) } ?? ""
        guard let status else { return nil }
        if !body.isEmpty, [204, 205, 304].contains(status) {
            problems.error("an answer with status \(status) has no body", at: map.keyPlace(Keys.body))
        }
        return .init(status: status, headers: headers, body: body)
    }

    /// Fields that frame a message or belong to the connection are written by the server itself (RFC 9110
    /// section 7.6.1, RFC 9112 section 6).
    static func answerHeaderName(_ text: String) throws(InvalidText) -> String {
        let name = try HTTPText.headerName(text)
        let framing = [
            "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
            "upgrade",
        ]
        guard !framing.contains(name) else { throw InvalidText("the header '\(name)' is written by Aya itself") }
        return name
    }

    private static func answerBody(_ text: String) throws(InvalidText) -> String {
        guard text.utf8.count <= 1 << 20 else { throw InvalidText("a body has at most 1MiB here") }
        return text
    }
}
