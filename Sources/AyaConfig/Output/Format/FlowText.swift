/// Values as they are written inside a line.
struct FlowText {
    /// Nil for what only fits on lines of its own (block texts, and collections that hold one).
    static func text(_ node: Node, inFlow: Bool) -> String? {
        if let alias = node.alias { return "*\(alias)" }
        guard let content = content(node, inFlow: inFlow) else { return nil }
        guard let anchor = node.anchor else { return content }
        return content.isEmpty ? "&\(anchor)" : "&\(anchor) \(content)"
    }

    /// A key with its colon.
    static func key(_ node: Node, inFlow: Bool) -> String {
        // An alias would swallow the colon.
        if let alias = node.alias { return "*\(alias) :" }
        guard case .scalar(let scalar) = node.content else { return ":" }
        let text = self.scalar(scalar, inFlow: inFlow) ?? ScalarText.quoted(scalar.text)
        return (node.anchor.map { "&\($0) " } ?? "") + text + ":"
    }

    private static func content(_ node: Node, inFlow: Bool) -> String? {
        switch node.content {
        case .scalar(let scalar): return self.scalar(scalar, inFlow: inFlow)
        case .list(let items):
            if items.isEmpty { return "[]" }
            let texts = items.compactMap { text($0, inFlow: true) }
            return texts.count == items.count ? "[" + texts.joined(separator: ", ") + "]" : nil
        case .map(let entries):
            if entries.isEmpty { return "{}" }
            let texts = entries.compactMap { entry in
                text(entry.value, inFlow: true).map { value in
                    let key = key(entry.keyNode, inFlow: true)
                    return value.isEmpty ? key : "\(key) \(value)"
                }
            }
            return texts.count == entries.count ? "{ " + texts.joined(separator: ", ") + " }" : nil
        case .invalid: return nil
        }
    }

    /// Quotes only where they matter; what was plain stays plain.
    private static func scalar(_ scalar: Node.Scalar, inFlow: Bool) -> String? {
        let text = scalar.text
        switch scalar.style {
        case .plain: return text.utf8.contains(UInt8(ascii: "\n")) ? ScalarText.quoted(text) : text
        case .singleQuoted, .doubleQuoted:
            if ScalarText.isPlainText(text, inFlow: inFlow) { return text }
            let isPrintable = text.unicodeScalars.allSatisfy { (32...126).contains($0.value) || $0.value > 160 }
            let wantsSingle = text.contains("\\") || text.contains("\"")
            if scalar.style == .singleQuoted, wantsSingle, isPrintable {
                return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            }
            return ScalarText.quoted(text)
        case .literal, .folded: return nil
        }
    }
}
