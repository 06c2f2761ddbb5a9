/// One line of an HAProxy configuration, as words.
struct HAProxyLine {
    var words: [String]
    var origin: Origin

    var keyword: String { words.first ?? "" }
    var arguments: [String] { Array(words.dropFirst()) }
    func argument(_ index: Int) -> String? { words.indices.contains(index + 1) ? words[index + 1] : nil }

    /// What follows a word (`code 301`).
    func value(after word: String) -> String? {
        guard let index = words.firstIndex(of: word), words.indices.contains(index + 1) else { return nil }
        return words[index + 1]
    }

    var shown: String { OneLine.short(words.joined(separator: " ")) }
}

/// Splits lines into words as HAProxy does (its manual, section 2.2): quotes anywhere in a word, single ones literally,
/// a backslash before a blank, a quote or a sign takes its meaning.
enum HAProxyLexer {
    static let mostLines = 100_000

    static func lines(_ bytes: [UInt8]) throws(ImportSyntaxError) -> [HAProxyLine] {
        var lines: [HAProxyLine] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard number <= mostLines else {
                throw ImportSyntaxError(message: "more than \(mostLines) lines", origin: Origin(line: number))
            }
            let words = try words(line, Origin(line: number))
            if !words.isEmpty { lines.append(HAProxyLine(words: words, origin: Origin(line: number))) }
        }
        return lines
    }

    private static func words(_ line: ArraySlice<UInt8>, _ origin: Origin) throws(ImportSyntaxError) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isOpen = false
        var quote: UInt8?
        var rest = line
        func end() {
            if isOpen { words.append(String(decoding: word, as: UTF8.self)) }
            (word, isOpen) = ([], false)
        }
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch (quote, byte) {
            case (UInt8(ascii: "'"), UInt8(ascii: "'")), (UInt8(ascii: "\""), UInt8(ascii: "\"")): quote = nil
            case (UInt8(ascii: "'"), _): word.append(byte)
            case (_, UInt8(ascii: "\\")):
                guard let next = rest.first else { break }
                rest = rest.dropFirst()
                isOpen = true
                if quote == nil || "\\\"$".utf8.contains(next) {
                    word += unescaped(next)
                } else {
                    word += [byte, next]
                }
            case (UInt8(ascii: "\""), _): word.append(byte)
            case (nil, UInt8(ascii: "'")), (nil, UInt8(ascii: "\"")):
                quote = byte
                isOpen = true
            case (nil, UInt8(ascii: "#")):
                end()
                return words
            case (nil, 32), (nil, 9), (nil, 13): end()
            default:
                word.append(byte)
                isOpen = true
            }
        }
        if quote != nil { throw ImportSyntaxError(message: "a quote that is never closed", origin: origin) }
        end()
        return words
    }

    /// A backslash before a letter stays for expressions, but for `\r`, `\n` and `\t`.
    private static func unescaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "r"): [13]
        case UInt8(ascii: "n"): [10]
        case UInt8(ascii: "t"): [9]
        case UInt8(ascii: " "), UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): [byte]
        default: [UInt8(ascii: "\\"), byte]
        }
    }
}
