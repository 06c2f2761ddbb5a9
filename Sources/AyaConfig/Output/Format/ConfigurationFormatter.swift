package import AyaCore

/// Lays a YAML file out in one way (`aya fmt`) and keeps its comments, the order of its keys and its short forms.
///
/// What it writes is read again and compared: a file whose values or comments would change is left as it is.
package enum ConfigurationFormatter {
    package enum Outcome: Sendable {
        case formatted(String)
        /// The file stays as it is, for these reasons.
        case leftAlone([Diagnostic])
    }

    package static func format(text: String, fileName: String) -> Outcome {
        let source = SourceFile(name: fileName, bytes: Array(text.utf8))
        var current = source
        // Moving a comment can make room for another choice; two rounds are the most that ever showed.
        for _ in 0..<4 {
            switch layOut(current, original: source) {
            case .failure(let reason): return .leftAlone(reason.diagnostics)
            case .success(let text):
                let bytes = Array(text.utf8)
                if bytes == current.bytes { return .formatted(text) }
                current = SourceFile(name: fileName, bytes: bytes)
            }
        }
        return .leftAlone([warning("the layout does not settle", source)])
    }

    private struct Refusal: Error {
        var diagnostics: [Diagnostic]
    }

    private static func layOut(_ source: SourceFile, original: SourceFile) -> Result<String, Refusal> {
        let reasons = Problems(files: [source])
        let root = Composer.compose(source, file: 0, bounds: DocumentBounds(), problems: reasons)
        guard !reasons.hasErrors else { return .failure(Refusal(diagnostics: reasons.diagnostics)) }
        if let reason = obstacle(source, root) {
            return .failure(Refusal(diagnostics: [warning(reason, original)]))
        }
        let comments = Comments(in: source, root: root)
        var printer = FormatPrinter(source: source, comments: comments)
        guard let text = printer.print(root) else {
            let reason = "a block text that states its indentation, or has its anchor on another line, can't be moved"
            return .failure(Refusal(diagnostics: [warning(reason, original)]))
        }
        // The proof: same values, same comments.
        let written = SourceFile(name: source.name, bytes: Array(text.utf8))
        let problems = Problems(files: [written])
        let again = Composer.compose(written, file: 0, bounds: DocumentBounds(), problems: problems)
        let isSame = !problems.hasErrors && Self.isSame(root, again)
        let kept = Comments(in: written, root: again).all.map(\.text) == comments.all.map(\.text)
        guard isSame, kept else {
            let reason = isSame ? "a comment would be lost" : "a value would change"
            return .failure(Refusal(diagnostics: [warning(reason, original)]))
        }
        return .success(text)
    }

    private static func warning(_ reason: String, _ source: SourceFile) -> Diagnostic {
        Diagnostic(.warning, at: .init(file: source.name, line: 1, column: 1), "left as it is: \(reason)")
    }

    /// What stands in a file that the printer does not know how to keep.
    private static func obstacle(_ source: SourceFile, _ root: Node?) -> String? {
        if let root, root.isFlow { return "the whole file is in JSON form" }
        for number in 1...source.lineCount {
            let line = source.line(number)
            if line.first == UInt8(ascii: "%") { return "line \(number) is a YAML directive" }
            if line.contains(UInt8(ascii: "\r")) { return "line \(number) has a carriage return inside" }
            let text = String(decoding: line, as: UTF8.self).unicodeScalars
            if text.contains(where: { [0x85, 0x2028, 0x2029].contains($0.value) }) {
                return "line \(number) has a line break that editors do not show"
            }
        }
        return nil
    }

    private static func isSame(_ left: Node?, _ right: Node?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        guard left.anchor == right.anchor, left.alias == right.alias else { return false }
        switch (left.content, right.content) {
        case (.scalar(let one), .scalar(let other)): return one.text == other.text && left.isNothing == right.isNothing
        case (.list(let one), .list(let other)):
            return one.count == other.count && zip(one, other).allSatisfy { isSame($0, $1) }
        case (.map(let one), .map(let other)):
            return one.count == other.count
                && zip(one, other).allSatisfy { $0.key == $1.key && isSame($0.value, $1.value) }
        default: return false
        }
    }
}
