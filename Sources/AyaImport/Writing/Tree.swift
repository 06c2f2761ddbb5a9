/// The written configuration before it is text, so that a part that Aya refuses can be taken out again.
struct Field {
    var key: String
    var value: Value
    var origin: Origin
    /// Lines above it.
    var comments: [String] = []

    init(_ key: String, _ value: Value, _ origin: Origin, comments: [String] = []) {
        self.key = key
        self.value = value
        self.origin = origin
        self.comments = comments
    }
}

extension Field {
    /// With another value for one of its keys.
    func setting(_ name: String, _ value: Value) -> Field {
        guard case .map(var fields) = self.value, let index = fields.firstIndex(where: { $0.key == name }) else {
            return self
        }
        var field = self
        fields[index].value = value
        field.value = .map(fields)
        return field
    }
}

indirect enum Value {
    /// A number, a duration, a truth value, a word of the language.
    case word(String)
    /// A text, quoted where that matters.
    case text(String)
    /// Short lists and maps that belong on one line.
    case flowList([Value])
    case flowMap([(key: String, value: Value)])
    /// One line for each.
    case list([(value: Value, origin: Origin)])
    case map([Field])

    static func milliseconds(_ count: Int64) -> Value { .word(Times.text(count)) }
}

/// Where a part of the tree is: positions in maps and lists, from the top.
typealias TreePath = [Int]

extension Value {
    /// Without the part at the path; what becomes empty by that goes too.
    func removing(_ path: ArraySlice<Int>) -> Value? {
        guard let first = path.first else { return nil }
        switch self {
        case .word, .text, .flowList, .flowMap: return nil
        case .list(var items):
            guard items.indices.contains(first) else { return self }
            if let rest = items[first].value.removing(path.dropFirst()) {
                items[first].value = rest
            } else {
                items.remove(at: first)
            }
            return items.isEmpty ? nil : .list(items)
        case .map(var fields):
            guard fields.indices.contains(first) else { return self }
            if let rest = fields[first].value.removing(path.dropFirst()) {
                fields[first].value = rest
            } else {
                fields.remove(at: first)
            }
            return fields.isEmpty ? nil : .map(fields)
        }
    }

    /// Of a map of maps, the keys of one.
    func keys(of name: String) -> [String] {
        guard case .map(let fields) = self, case .map(let inner)? = fields.first(where: { $0.key == name })?.value
        else { return [] }
        return inner.map(\.key)
    }

    /// Of a map, the texts of a key that has one or a list of them.
    func texts(of name: String) -> [String]? {
        guard case .map(let fields) = self, let value = fields.first(where: { $0.key == name })?.value else {
            return nil
        }
        switch value {
        case .text(let text): return [text]
        case .flowList(let items):
            return items.compactMap { if case .text(let text) = $0 { text } else { nil } }
        case .word, .flowMap, .list, .map: return nil
        }
    }

    /// The fields from the top to the path's end; a place in a list has none.
    func fields(along path: TreePath) -> [Field] {
        var found: [Field] = []
        var value = self
        for index in path {
            switch value {
            case .map(let fields):
                guard fields.indices.contains(index) else { return found }
                found.append(fields[index])
                value = fields[index].value
            case .list(let items):
                guard items.indices.contains(index) else { return found }
                value = items[index].value
            case .word, .text, .flowList, .flowMap: return found
            }
        }
        return found
    }
}
