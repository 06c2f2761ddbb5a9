/// Writes a text as a YAML scalar: plainly when nothing can read it as something else, else in double quotes.
package enum ScalarText {
    /// Words that a YAML 1.1 or 1.2 reader takes for a truth value or for nothing.
    private static let reserved: Set<String> = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf",
    ]

    /// For a value that is a text: `"8080"` and `"true"` keep their quotes.
    package static func text(_ text: String, inFlow: Bool = false) -> String {
        isPlainText(text, inFlow: inFlow) ? text : quoted(text)
    }

    /// For a value that is a number, a truth value or a fixed word: `off` needs no quotes.
    static func word(_ text: String) -> String { text }

    /// Deliberately narrow: letters, digits and the punctuation that means nothing to YAML in any place.
    static func isPlainText(_ text: String, inFlow: Bool = false) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 200,
            !reserved.contains(text.lowercased()), !looksLikeNumber(text)
        else { return false }
        switch first {
        case 65...90, 97...122, 48...57, UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"):
            break
        default: return false
        }
        guard last != UInt8(ascii: ":"), last != UInt8(ascii: " ") else { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122: break
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","): if inFlow { return false }
            case UInt8(ascii: " "): if previous == UInt8(ascii: ":") { return false }
            case UInt8(ascii: "#"): if previous == UInt8(ascii: " ") { return false }
            default: guard "/_.-:*+=@%~()$;?&!".utf8.contains(byte) else { return false }
            }
            previous = byte
        }
        return true
    }

    /// Numbers, dates, times and their likes of both YAML versions: digits with no letter that makes them a word.
    private static func looksLikeNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, (48...57).contains(first) || first == UInt8(ascii: ".") else { return false }
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0o") || text.hasPrefix("0b")
        // More than one dot or a dot and a colon make an address, which no reader takes for a number.
        let dots = text.utf8.count { $0 == UInt8(ascii: ".") }
        if dots > 1 { return false }
        return isHexadecimal || text.utf8.allSatisfy { (48...57).contains($0) || ".:-+_eETtZz ".utf8.contains($0) }
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5c: result += "\\\\"
            case 0x0a: result += "\\n"
            case 0x0d: result += "\\r"
            case 0x09: result += "\\t"
            case 0..<0x20, 0x7f..<0xa0: result += "\\x" + hexadecimal(scalar.value, digits: 2)
            case 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff: result += "\\u" + hexadecimal(scalar.value, digits: 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
