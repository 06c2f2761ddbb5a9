/// The long form for programs.
extension Expander {
    /// What `expand` writes, as JSON: whole numbers and truth values as such, everything else as the text that stands in
    /// the YAML.
    package static func json(_ blueprint: Blueprint) -> String {
        let file = SourceFile(name: "expanded", bytes: Array(expand(blueprint).utf8))
        let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: Problems(files: [file]))
        return (root?.json ?? .object([])).rendered() + "\n"
    }
}

extension Node {
    fileprivate var json: JSONText {
        switch content {
        case .scalar(let scalar): scalar.json
        case .list(let items): .array(items.map(\.json))
        case .map(let entries): .object(entries.map { ($0.key, $0.value.json) })
        case .invalid: .string("")
        }
    }
}

extension Node.Scalar {
    fileprivate var json: JSONText {
        guard style == .plain else { return .string(text) }
        if text == "true" || text == "false" { return .boolean(text == "true") }
        guard let number = Int(text), "\(number)" == text else { return .string(text) }
        return .integer(number)
    }
}
