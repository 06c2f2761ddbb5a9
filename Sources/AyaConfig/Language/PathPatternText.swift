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
        for segment in text.split(separator: "/") where segment == "." || segment == ".." {
            throw InvalidText("'\(shown)' never matches: '\(segment)' is resolved before paths are compared")
        }
        let normal = try normalised(Array(text.utf8), shown)
        guard normal == text else {
            throw InvalidText("'\(shown)' never matches: paths are compared in the spelling '\(shortened(normal))'")
        }
        if let star = text.firstIndex(of: "*") {
            guard text.index(after: star) == text.endIndex, text.hasSuffix("/*") else {
                throw InvalidText("'\(shown)': a '*' stands only at the end, as in '/cart/*'")
            }
            return .below(String(text.dropLast()))
        }
        return .exact(text)
    }

    /// The one spelling of percent escapes that requests are brought to before they are compared (RFC 3986
    /// section 6.2.2): unreserved characters as themselves, escapes in upper case.
    private static func normalised(_ bytes: [UInt8], _ shown: String) throws(InvalidText) -> String {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = hexadecimal(bytes[index + 1]),
                let low = hexadecimal(bytes[index + 2]), high != 0 || low != 0
            else { throw InvalidText("'\(shown)' has a '%' that no request can have ('%25' is the character itself)") }
            let value = high << 4 | low
            switch value {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(value)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                result += [UInt8(ascii: "%"), digits[Int(high)], digits[Int(low)]]
            }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}
