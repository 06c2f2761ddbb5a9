/// The body of a request to the admin API that has parts: JSON, or YAML as the configuration has it, without places.
package indirect enum PlainDocument: Sendable, Equatable {
    /// As it is written, without quotes.
    case text(String)
    case list([PlainDocument])
    case map([String: PlainDocument])

    /// Nil for what is neither JSON nor YAML.
    package static func read(_ text: [UInt8]) -> PlainDocument? {
        let file = SourceFile(name: "body", bytes: text)
        let problems = Problems(files: [file])
        guard let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: problems),
            !problems.hasErrors
        else { return nil }
        return PlainDocument(root)
    }

    private init?(_ node: Node) {
        switch node.content {
        case .scalar(let scalar): self = .text(scalar.text)
        case .list(let nodes):
            var list: [PlainDocument] = []
            for node in nodes {
                guard let element = PlainDocument(node) else { return nil }
                list.append(element)
            }
            self = .list(list)
        case .map(let entries):
            var map: [String: PlainDocument] = [:]
            for entry in entries {
                guard let value = PlainDocument(entry.value) else { return nil }
                map[entry.key] = value
            }
            self = .map(map)
        case .invalid: return nil
        }
    }

    package subscript(_ key: String) -> PlainDocument? { if case .map(let map) = self { map[key] } else { nil } }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
}
