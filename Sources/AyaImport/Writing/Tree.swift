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
