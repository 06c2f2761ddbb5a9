/// What little of XML the answers of AWS need: the text of the first element of a name. Nothing is nested within it.
package enum XMLText {
    private static let longest = 1_000

    /// Nil when there is none, or it holds other elements.
    package static func first(_ name: String, in bytes: [UInt8]) -> String? {
        guard let begin = end(of: Array("<\(name)>".utf8), in: bytes[...]) else { return nil }
        let rest = bytes[begin...].prefix(longest)
        guard let close = rest.firstIndex(of: UInt8(ascii: "<")),
            rest[close...].starts(with: Array("</\(name)>".utf8))
        else { return nil }
        return unescaped(rest[..<close])
    }

    package static func number(_ name: String, in bytes: [UInt8]) -> Int? {
        guard let text = first(name, in: bytes), let number = Int(text), (0...1_000_000).contains(number) else {
            return nil
        }
        return number
    }

    private static func end(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        var start = bytes.startIndex
        while let begin = bytes[start...].firstIndex(of: pattern[0]) {
            if bytes[begin...].starts(with: pattern) { return begin + pattern.count }
            start = begin + 1
        }
        return nil
    }

    private static let entities: KeyValuePairs = [
        "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'",
    ]

    /// The five entities that XML has of its own; others stay what they are.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        var text = ""
        while let sign = rest.firstIndex(of: "&") {
            text += rest[..<sign]
            rest = rest[sign...]
            let entity = entities.first { rest.hasPrefix($0.key) }
            text += entity?.value ?? "&"
            rest = rest.dropFirst(entity?.key.count ?? 1)
        }
        return text + rest
    }
}
