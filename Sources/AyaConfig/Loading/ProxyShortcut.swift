/// `aya proxy --listen :8080 --to 127.0.0.1:9001`: a load balancer without a file.
///
/// It builds the document that an operator would have written and loads that, so the same checks apply.
package struct ProxyShortcut: Sendable {
    package var listen: String
    package var servers: [String]

    package init(listen: String, to servers: [String]) {
        self.listen = listen
        self.servers = servers
    }

    package func load() -> LoadedConfiguration {
        let servers = list(self.servers.map(scalar))
        let root = map([
            ("listeners", map([("web", map([("bind", scalar(listen))]))])),
            ("pools", map([("web", map([("servers", servers)]))])),
        ])
        return ConfigurationLoader.load(root: root, problems: Problems(files: []))
    }

    // There is no file to point into.
    private var nowhere: Place { Place(line: 1, column: 1) }

    private func scalar(_ text: String) -> Node {
        Node(.scalar(.init(text: text, style: .doubleQuoted)), at: nowhere, end: nowhere)
    }

    private func list(_ items: [Node]) -> Node { Node(.list(items), at: nowhere, end: nowhere) }

    private func map(_ entries: [(String, Node)]) -> Node {
        Node(.map(entries.map { .init(key: $0.0, keyNode: scalar($0.0), value: $0.1) }), at: nowhere, end: nowhere)
    }
}
