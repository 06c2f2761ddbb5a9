/// Prints a document's tree with its comments: two blanks a level, one blank line at most between things, flow
/// collections on one line where they fit.
///
/// Comments are taken in their order: those above an item go before it, one behind a value stays behind it.
struct FormatPrinter {
    private static let width = 120

    private let source: SourceFile
    private let comments: [Comments.Comment]
    private var nextComment = 0
    private var output: [String] = []
    /// What the next line begins with instead of its indentation: the dashes of the lists it opens.
    private var lead: String?
    /// The last line of the source that is printed.
    private var printedLine = 0
    private var isPossible = true

    private static let endOfFile = Place(line: .max, column: 1)

    init(source: SourceFile, comments: Comments) {
        self.source = source
        self.comments = comments.all
    }

    /// Nil when something can't be printed safely.
    mutating func print(_ root: Node?) -> String? {
        if let root { value(root, depth: 0, next: Self.endOfFile) }
        flush(before: Self.endOfFile, depth: 0)
        guard isPossible else { return nil }
        return output.isEmpty ? "" : output.joined(separator: "\n") + "\n"
    }

    /// The root: a map, a list or a lone scalar.
    private mutating func value(_ node: Node, depth: Int, next: Place) {
        if collection(node, depth: depth, next: next) { return }
        flush(before: node.end, depth: depth)
        item("", node, depth: depth, next: next)
    }

    /// False for what is no collection with items.
    private mutating func collection(_ node: Node, depth: Int, next: Place) -> Bool {
        guard node.alias == nil else { return false }
        switch node.content {
        case .map(let entries) where !entries.isEmpty:
            for (index, entry) in entries.enumerated() {
                let following = index + 1 < entries.count ? entries[index + 1].keyNode.place : next
                let isInline = isInline(entry.value, column: depth * 2 + entry.key.utf8.count + 2)
                prepare(
                    entry.keyNode.place, isInline ? entry.value.end : entry.keyNode.place, depth, isFirst: index == 0)
                self.entry(entry, isInline: isInline, depth: depth, next: following)
            }
            return true
        case .list(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                let following = index + 1 < items.count ? items[index + 1].place : next
                let isInline = isInline(item, column: depth * 2 + 2)
                prepare(item.place, isInline ? item.end : item.place, depth, isFirst: index == 0)
                listItem(item, isInline: isInline, depth: depth, column: node.place.column, next: following)
            }
            return true
        case .map, .list, .scalar, .invalid: return false
        }
    }

    /// Comments and at most one blank line before an item. The first item of a list behind its dash has had its own.
    private mutating func prepare(_ start: Place, _ end: Place, _ depth: Int, isFirst: Bool) {
        guard lead == nil else { return }
        let before = output.count
        flush(before: end, depth: depth, isFirst: isFirst)
        blankLine(before: start.line, isFirst: isFirst && output.count == before)
    }

    private mutating func entry(_ entry: Node.Entry, isInline: Bool, depth: Int, next: Place) {
        let key = FlowText.key(entry.keyNode, inFlow: false)
        if isInline || isBlockText(entry.value) {
            item(key, entry.value, depth: depth, next: next)
            return
        }
        open(key, entry.value, depth: depth)
        _ = collection(entry.value, depth: depth + 1, next: next)
        flushTail(of: entry.value, column: entry.keyNode.place.column, depth: depth + 1, next: next)
    }

    private mutating func listItem(_ node: Node, isInline: Bool, depth: Int, column: Int, next: Place) {
        if isInline || isBlockText(node) {
            item("-", node, depth: depth, next: next)
            return
        }
        if node.anchor != nil {
            open("-", node, depth: depth)
        } else {
            lead = start(depth) + "- "
        }
        _ = collection(node, depth: depth + 1, next: next)
        flushTail(of: node, column: column, depth: depth + 1, next: next)
    }

    /// A line that opens a collection below it.
    private mutating func open(_ opening: String, _ node: Node, depth: Int) {
        let line = start(depth) + opening + (node.anchor.map { " &\($0)" } ?? "")
        var end = node.place
        // `key: # comment` stands behind the key; the collection begins on a later line, or with `{` on this one.
        if let comment = pending, !comment.isAlone, comment.place.line <= node.place.line {
            end = Place(line: comment.place.line, column: 1)
        }
        write(line + trailing(end, before: firstPlace(in: node)), upTo: end.line)
    }

    private func firstPlace(in node: Node) -> Place {
        switch node.content {
        case .map(let entries): entries.first?.keyNode.place ?? node.end
        case .list(let items): items.first?.place ?? node.end
        case .scalar, .invalid: node.end
        }
    }

    /// A line with a value on it, or a block text.
    private mutating func item(_ opening: String, _ node: Node, depth: Int, next: Place) {
        let line = start(depth) + opening
        let gap = opening.isEmpty ? "" : " "
        if isBlockText(node) {
            let block = BlockText(node, in: source)
            guard let header = block.header else {
                isPossible = false
                return
            }
            let anchor = node.anchor.map { "&\($0) " } ?? ""
            let end = Place(line: node.place.line, column: node.place.column + header.utf8.count)
            write(line + gap + anchor + header + trailing(end, before: next), upTo: node.place.line)
            for number in block.lines {
                let content = block.content(number, in: source)
                write(content.isEmpty ? "" : indentation(depth + 1) + content, upTo: number)
            }
            return
        }
        let text = FlowText.text(node, inFlow: false) ?? ""
        write(line + (text.isEmpty ? "" : gap + text) + trailing(node.end, before: next), upTo: node.end.line)
    }

    private func isBlockText(_ node: Node) -> Bool {
        guard node.alias == nil, case .scalar(let scalar) = node.content else { return false }
        return scalar.style == .literal || scalar.style == .folded
    }

    /// On one line: scalars, empty collections, and flow collections that fit and have no comment inside.
    private func isInline(_ node: Node, column: Int) -> Bool {
        if node.alias != nil { return true }
        switch node.content {
        case .scalar: return !isBlockText(node)
        case .list(let items) where items.isEmpty: return !hasComment(inside: node)
        case .map(let entries) where entries.isEmpty: return !hasComment(inside: node)
        case .list, .map:
            guard node.isFlow, !hasComment(inside: node), let text = FlowText.text(node, inFlow: false) else {
                return false
            }
            return column + text.unicodeScalars.count <= Self.width
        case .invalid: return true
        }
    }

    private func hasComment(inside node: Node) -> Bool {
        guard node.isFlow, nextComment < comments.count else { return false }
        // The pending ones are sorted; the first behind the node's start decides.
        var (low, high) = (nextComment, comments.count)
        while low < high {
            let middle = (low + high) / 2
            if comments[middle].place < node.place { low = middle + 1 } else { high = middle }
        }
        return low < comments.count && comments[low].place < node.end
    }

    private var pending: Comments.Comment? { nextComment < comments.count ? comments[nextComment] : nil }

    /// The comment behind what ends at `end`, with a blank before it.
    private mutating func trailing(_ end: Place, before next: Place) -> String {
        guard let comment = pending, !comment.isAlone, comment.place.line == end.line, comment.place >= end,
            comment.place < next
        else { return "" }
        nextComment += 1
        return " " + comment.text
    }

    private mutating func flush(before place: Place, depth: Int, isFirst: Bool = false) {
        var isFirst = isFirst
        while let comment = pending, comment.place < place {
            blankLine(before: comment.place.line, isFirst: isFirst)
            nextComment += 1
            write(indentation(depth) + comment.text, upTo: comment.place.line)
            isFirst = false
        }
    }

    /// Comments at the end of a collection that are indented like it, or stand before its closing bracket.
    private mutating func flushTail(of node: Node, column: Int, depth: Int, next: Place) {
        while let comment = pending, comment.place < next {
            let belongs = node.isFlow ? comment.place < node.end : comment.isAlone && comment.place.column > column
            guard belongs else { return }
            flush(before: Place(line: comment.place.line, column: comment.place.column + 1), depth: depth)
        }
    }

    /// Keeps one of the blank lines above a line of the source.
    private mutating func blankLine(before line: Int, isFirst: Bool) {
        guard !isFirst, !output.isEmpty, output.last != "", line - 1 > printedLine else { return }
        let isBlank = source.line(line - 1).allSatisfy { $0 == 32 || $0 == 9 }
        if isBlank { output.append("") }
    }

    private mutating func start(_ depth: Int) -> String {
        defer { lead = nil }
        return lead ?? indentation(depth)
    }

    private func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private mutating func write(_ line: String, upTo sourceLine: Int) {
        output.append(line)
        printedLine = max(printedLine, sourceLine)
    }
}
