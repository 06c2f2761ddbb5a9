internal import AyaConfig
internal import AyaCore

/// A value of a YAML, JSON or TOML file of another program: texts stay as they are written.
struct ForeignValue {
    indirect enum Content {
        case text(String)
        case list([ForeignValue])
        case map([(key: String, value: ForeignValue)])
        case nothing
    }

    var content: Content
    var origin: Origin

    init(_ content: Content, _ origin: Origin) {
        self.content = content
        self.origin = origin
    }

    /// From YAML or JSON; several documents in one file are joined by `readAll`.
    init(_ node: Node, file: Int, depth: Int = 0) {
        origin = Origin(file: file, line: node.place.line)
        switch node.content {
        case .scalar(let scalar): content = node.isNothing ? .nothing : .text(scalar.text)
        case .list(let items): content = .list(items.map { ForeignValue($0, file: file, depth: depth + 1) })
        case .map(let entries):
            content = .map(entries.map { ($0.key, ForeignValue($0.value, file: file, depth: depth + 1)) })
            // What stands behind a key begins with it.
            if let first = entries.first { origin.line = first.keyNode.place.line }
        case .invalid: content = .nothing
        }
    }

    /// The first document of a YAML or JSON file.
    static func yaml(_ file: SourceFile, number: Int) throws(ImportSyntaxError) -> ForeignValue {
        var bounds = DocumentBounds()
        bounds.depth = 64
        bounds.nodes = 200_000
        let problems = Problems(files: [file])
        guard let root = Composer.compose(file, file: 0, bounds: bounds, problems: problems) else {
            let problem = problems.diagnostics.first
            throw ImportSyntaxError(
                message: problem?.message ?? "the file is empty",
                origin: Origin(file: number, line: problem?.location?.line ?? 1))
        }
        return ForeignValue(root, file: number)
    }

    // MARK: Reading

    /// The value of a key, whatever its case; keys that are written as words with `_` or in camel case are the same.
    subscript(_ key: String) -> ForeignValue? {
        guard case .map(let entries) = content else { return nil }
        if let exact = entries.last(where: { $0.key == key }) { return exact.value }
        let wanted = Self.folded(key)
        return entries.last { Self.folded($0.key) == wanted }?.value
    }

    static func folded(_ key: String) -> String {
        String(decoding: key.utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }, as: UTF8.self)
            .lowercased()
    }

    /// The value behind several keys.
    subscript(_ path: String...) -> ForeignValue? {
        var value: ForeignValue? = self
        for key in path { value = value?[key] }
        return value
    }

    var text: String? { if case .text(let text) = content { text } else { nil } }
    var integer: Int? { text.flatMap { Int($0) } }
    var isTrue: Bool { text == "true" }

    /// A single value stands for a list of one.
    var list: [ForeignValue] {
        switch content {
        case .list(let items): items
        case .text: [self]
        case .map, .nothing: []
        }
    }

    var texts: [String] { list.compactMap(\.text) }

    var entries: [(key: String, value: ForeignValue)] { if case .map(let entries) = content { entries } else { [] } }

    var isMap: Bool { if case .map = content { true } else { false } }

    /// Where the value of a key stands, or this one.
    func origin(of key: String) -> Origin { self[key]?.origin ?? origin }

    // MARK: Building

    mutating func insert(
        _ value: ForeignValue, at path: ArraySlice<String>, keepsExisting: Bool, depth: Int
    ) throws(ImportSyntaxError) {
        guard let key = path.first else { return }
        guard depth < 64 else { throw ImportSyntaxError(message: "nested too deep", origin: value.origin) }
        switch content {
        case .map(var entries):
            let known = entries.firstIndex { $0.key == key }
            if path.count == 1 {
                if known != nil {
                    if keepsExisting { return }
                    throw ImportSyntaxError(
                        message: "'\(OneLine.short(key))' stands here a second time", origin: value.origin)
                }
                entries.append((key, value))
            } else {
                let index = known ?? entries.count
                if known == nil { entries.append((key, ForeignValue(.map([]), value.origin))) }
                content = .nothing
                try entries[index].value.insert(
                    value, at: path.dropFirst(), keepsExisting: keepsExisting, depth: depth + 1)
            }
            content = .map(entries)
        case .list(var items):
            // The latest table of an array of tables.
            guard !items.isEmpty else { return }
            try items[items.count - 1].insert(value, at: path, keepsExisting: keepsExisting, depth: depth + 1)
            content = .list(items)
        case .text, .nothing:
            throw ImportSyntaxError(message: "'\(OneLine.short(key))' stands inside of a value", origin: value.origin)
        }
    }

    /// Another table of an array of tables.
    mutating func append(_ value: ForeignValue, at path: ArraySlice<String>, depth: Int) throws(ImportSyntaxError) {
        guard let key = path.first, depth < 64 else { return }
        switch content {
        case .map(var entries):
            let index = entries.firstIndex { $0.key == key } ?? entries.count
            if index == entries.count {
                entries.append((key, ForeignValue(path.count == 1 ? .list([]) : .map([]), value.origin)))
            }
            content = .nothing
            if path.count > 1 {
                try entries[index].value.append(value, at: path.dropFirst(), depth: depth + 1)
            } else if case .list(var items) = entries[index].value.content {
                items.append(value)
                entries[index].value.content = .list(items)
            } else {
                throw ImportSyntaxError(message: "'\(OneLine.short(key))' is no array of tables", origin: value.origin)
            }
            content = .map(entries)
        case .list(var items):
            guard !items.isEmpty else { return }
            try items[items.count - 1].append(value, at: path, depth: depth + 1)
            content = .list(items)
        case .text, .nothing:
            throw ImportSyntaxError(message: "'\(OneLine.short(key))' stands inside of a value", origin: value.origin)
        }
    }
}
