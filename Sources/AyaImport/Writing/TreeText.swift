internal import AyaConfig

/// Writes a tree as YAML and remembers which part each line is of.
struct TreeText {
    private(set) var text = ""
    /// By line, from 1 on at index 0.
    private(set) var paths: [TreePath] = []

    init(_ tree: Value, header: [String]) {
        for line in header { write(line.isEmpty ? "#" : "# " + OneLine.text(line, limit: 600), [], 0) }
        write(tree, [], depth: 0)
    }

    private mutating func write(_ value: Value, _ path: TreePath, depth: Int) {
        switch value {
        case .map(let fields):
            for (index, field) in fields.enumerated() { write(field, path + [index], depth) }
        case .list(let items):
            for (index, item) in items.enumerated() { self.item(item.value, path + [index], depth) }
        case .word, .text, .flowList, .flowMap: break
        }
    }

    private mutating func write(_ field: Field, _ path: TreePath, _ depth: Int) {
        if path.count == 1, path != [0] { write("", path, 0) }
        for comment in field.comments { write("# " + OneLine.text(comment), path, depth) }
        let key = ScalarText.text(field.key)
        switch field.value {
        case .word, .text, .flowList, .flowMap: write("\(key): \(Self.inline(field.value))", path, depth)
        case .map, .list:
            write("\(key):", path, depth)
            write(field.value, path, depth: depth + 1)
        }
    }

    private mutating func item(_ value: Value, _ path: TreePath, _ depth: Int) {
        switch value {
        case .word, .text, .flowList, .flowMap: write("- \(Self.inline(value))", path, depth)
        case .map, .list:
            write("-", path, depth)
            write(value, path, depth: depth + 1)
        }
    }

    private mutating func write(_ line: String, _ path: TreePath, _ depth: Int) {
        text += line.isEmpty ? "\n" : String(repeating: "  ", count: depth) + line + "\n"
        paths.append(path)
    }

    private static func inline(_ value: Value, inFlow: Bool = false) -> String {
        switch value {
        case .word(let word): return word
        case .text(let text): return ScalarText.text(EnvironmentSubstitution.escaped(text), inFlow: inFlow)
        case .flowList(let items): return "[" + items.map { inline($0, inFlow: true) }.joined(separator: ", ") + "]"
        case .flowMap(let entries):
            if entries.isEmpty { return "{}" }
            let parts = entries.map { "\(ScalarText.text($0.key, inFlow: true)): \(inline($0.value, inFlow: true))" }
            return "{ " + parts.joined(separator: ", ") + " }"
        case .map, .list: return "{}"
        }
    }
}
