/// Reads `/cart` and `/cart/*`.
enum PathPatternText {
    private static let longest = 2048

    static func parse(_ text: String) throws(InvalidText) -> Blueprint.PathPattern {
        let shown = shortened(text)
        guard text.hasPrefix("/") else {
            throw InvalidText("a path begins with '/', found '\(shown)'")
        }
        guard text.utf8.count <= longest else { throw InvalidText("a path has at most \(longest) bytes") }
        if let mark = text.first(where: { $0 == "?" || $0 == "#" }) {
            let hint = mark == "?" ? "match the query with 'query'" : "a fragment is never sent"
            throw InvalidText("'\(mark)' has no place in the path '\(shown)' (\(hint))")
        }
        guard text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw InvalidText("'\(shown)' has blanks or non-ASCII characters (write them as '%20' and the like)")
        }
        if let star = text.firstIndex(of: "*") {
            guard text.index(after: star) == text.endIndex, text.hasSuffix("/*") else {
                throw InvalidText("'\(shown)': a '*' stands only at the end, as in '/cart/*'")
            }
            return .below(String(text.dropLast()))
        }
        return .exact(text)
    }
}
