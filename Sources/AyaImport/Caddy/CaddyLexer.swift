/// A word of a Caddyfile, with the line that it stands on: lines end directives.
struct CaddyToken: Equatable {
    var text: String
    var line: Int
    /// A quoted `{` is text.
    var isQuoted = false

    var isOpen: Bool { text == "{" && !isQuoted }
    var isClose: Bool { text == "}" && !isQuoted }
}

/// Splits a Caddyfile into words: quotes and backticks at the start of a word, `#` where a word could begin, a backslash
/// at the end of a line goes on on the next, `<<MARK` begins a text of several lines.
enum CaddyLexer {
    static let mostTokens = 500_000

    static func tokens(_ bytes: [UInt8], file: Int) throws(ImportSyntaxError) -> [CaddyToken] {
        var tokens: [CaddyToken] = []
        var index = 0
        var line = 1
        // Lines that belong to the one before them: their words count as standing there.
        var continued = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                continued = 0
                index += 1
            case 32, 9, 13: index += 1
            case UInt8(ascii: "\\") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n"):
                index += 2
                line += 1
                continued += 1
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "`"):
                let start = line - continued
                let text = try quoted(bytes, &index, &line, file)
                tokens.append(CaddyToken(text: text, line: start, isQuoted: true))
            default:
                let start = index
                while index < bytes.count, ![32, 9, 13, 10].contains(bytes[index]) { index += 1 }
                let text = String(decoding: bytes[start..<index], as: UTF8.self)
                if text.hasPrefix("<<"), text.utf8.count > 2,
                    let found = heredoc(bytes, index, String(text.dropFirst(2)))
                {
                    tokens.append(CaddyToken(text: found.text, line: line - continued, isQuoted: true))
                    // What follows the mark is still of the line that began the text.
                    line += found.lines
                    continued += found.lines
                    index = found.end
                } else {
                    tokens.append(CaddyToken(text: text, line: line - continued))
                }
            }
            guard tokens.count <= mostTokens else {
                throw ImportSyntaxError(
                    message: "more than \(mostTokens) words", origin: Origin(file: file, line: line))
            }
        }
        return tokens
    }

    private static func quoted(
        _ bytes: [UInt8], _ index: inout Int, _ line: inout Int, _ file: Int
    ) throws(ImportSyntaxError) -> String {
        let quote = bytes[index]
        let start = line
        var result: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == quote { return String(decoding: result, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), index < bytes.count,
                bytes[index] == UInt8(ascii: "\"")
            {
                result.append(bytes[index])
                index += 1
            } else {
                result.append(byte)
            }
        }
        throw ImportSyntaxError(message: "a quote that is never closed", origin: Origin(file: file, line: start))
    }

    private static func heredoc(_ bytes: [UInt8], _ start: Int, _ mark: String) -> (text: String, lines: Int, end: Int)?
    {
        guard start < bytes.count, let first = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var lines: [String] = []
        var index = first + 1
        while index < bytes.count, lines.count < 10_000 {
            let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = String(decoding: bytes[index..<end], as: UTF8.self)
            let bare = line.drop { $0 == " " || $0 == "\t" }
            if bare == mark || bare.hasPrefix(mark + " ") || bare.hasPrefix(mark + "\r") {
                let indent = line.utf8.count - bare.utf8.count
                let behind = index + indent + mark.utf8.count
                let texts = lines.map { String(decoding: $0.utf8.dropFirst(min(indent, $0.utf8.count)), as: UTF8.self) }
                return (texts.joined(separator: "\n"), lines.count + 1, min(behind, bytes.count))
            }
            lines.append(line)
            index = end + 1
        }
        return nil
    }
}
