/// The lines of a block scalar (`|` or `>`) as they are written: the formatter moves them, but never folds them anew.
struct BlockText {
    /// `|`, `>-` and the like; nil when it says its own indentation, which can't be moved safely.
    private(set) var header: String?
    /// Numbers of the lines of content.
    private(set) var lines: Range<Int>
    private var indentation = 0

    init(_ node: Node, in source: SourceFile) {
        let first = node.place.line + 1
        lines = first..<first
        var opening = Self.text(source, node.place.line).dropFirst(node.place.column - 1)
        // The node begins with its anchor.
        if node.anchor != nil { opening = opening.drop { $0 != " " }.drop { $0 == " " } }
        let indicators = opening.prefix { $0 != " " && $0 != "\t" }
        let begins = indicators.first == "|" || indicators.first == ">"
        let isPlainHeader = begins && indicators.dropFirst().allSatisfy { $0 == "+" || $0 == "-" }
        header = isPlainHeader ? String(String.UnicodeScalarView(indicators)) : nil
        var number = first
        var last = first - 1
        while number <= source.lineCount {
            let line = Self.text(source, number)
            if let indent = line.firstIndex(where: { $0 != " " }) {
                if indentation == 0 { indentation = indent }
                if indent < indentation || indentation == 0 { break }
                last = number
            } else if indicators.contains("+"), number < source.lineCount {
                last = number
            }
            number += 1
        }
        if last >= first { lines = first..<(last + 1) }
    }

    /// A line of content without its indentation.
    func content(_ number: Int, in source: SourceFile) -> String {
        String(String.UnicodeScalarView(Self.text(source, number).dropFirst(indentation)))
    }

    private static func text(_ source: SourceFile, _ number: Int) -> [Unicode.Scalar] {
        Array(String(decoding: source.line(number), as: UTF8.self).unicodeScalars)
    }
}
