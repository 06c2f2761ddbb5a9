/// The comments of a document, which its tree does not hold: what follows a `#` outside of every value.
struct Comments {
    struct Comment {
        var place: Place
        var text: String
        /// Nothing stands before it on its line.
        var isAlone: Bool
    }

    private(set) var all: [Comment] = []

    init(in source: SourceFile, root: Node?) {
        var scalars: [(start: Place, end: Place)] = []
        if let root { Self.collect(root, source, &scalars) }
        scalars.sort { $0.start < $1.start }
        var next = 0
        for number in 1...source.lineCount {
            let line = Array(String(decoding: source.line(number), as: UTF8.self).unicodeScalars)
            var column = 1
            var isAlone = true
            while column <= line.count {
                let place = Place(line: number, column: column)
                while next < scalars.count, scalars[next].end <= place { next += 1 }
                if next < scalars.count, scalars[next].start <= place {
                    // Inside a value: on to its end, which may be on a later line.
                    isAlone = false
                    column = scalars[next].end.line > number ? line.count + 1 : scalars[next].end.column
                    continue
                }
                let character = line[column - 1]
                let isBehindBlank = column == 1 || line[column - 2] == " " || line[column - 2] == "\t"
                if character == "#", isBehindBlank {
                    var text = String(String.UnicodeScalarView(line[(column - 1)...]))
                    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
                    all.append(Comment(place: place, text: text, isAlone: isAlone))
                    break
                }
                if character != " ", character != "\t" { isAlone = false }
                column += 1
            }
        }
    }

    /// Where values stand; of block scalars, the lines behind the header.
    private static func collect(_ node: Node, _ source: SourceFile, _ found: inout [(start: Place, end: Place)]) {
        guard node.alias == nil else { return }
        switch node.content {
        case .scalar(let scalar):
            switch scalar.style {
            case .plain, .singleQuoted, .doubleQuoted: found.append((node.place, node.end))
            case .literal, .folded:
                let block = BlockText(node, in: source)
                guard let last = block.lines.last else { return }
                let first = Place(line: node.place.line + 1, column: 1)
                found.append((first, Place(line: last + 1, column: 1)))
            }
        case .list(let items): for item in items { collect(item, source, &found) }
        case .map(let entries):
            for entry in entries {
                collect(entry.keyNode, source, &found)
                collect(entry.value, source, &found)
            }
        case .invalid: break
        }
    }
}
