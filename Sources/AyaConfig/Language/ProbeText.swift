/// Reads what probes send and expect.
enum ProbeText {
    /// A path with its query, as a request line takes it (RFC 9112 section 3.2.1).
    static func path(_ text: String) throws(InvalidText) -> String {
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 2048,
            text.utf8.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: "#") })
        else {
            throw InvalidText(
                "'\(shortened(text))' is not a path such as '/healthz' (blanks and non-ASCII characters are written "
                    + "as '%20')")
        }
        return text
    }

    /// A Host field: a name or an address, with or without a port (RFC 9110 section 7.2).
    static func host(_ text: String) throws(InvalidText) -> String {
        let isHost = text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_.:[]".utf8.contains(byte)
            }
        }
        guard isHost, (1...256).contains(text.utf8.count) else {
            throw InvalidText("'\(shortened(text))' is not a host such as 'shop.example'")
        }
        return text
    }

    static func text(_ text: String) throws(InvalidText) -> String {
        guard (1...1024).contains(text.utf8.count) else {
            throw InvalidText("a text to send or expect has 1 to 1024 bytes")
        }
        return text
    }

    /// A program's name or argument.
    static func argument(_ text: String) throws(InvalidText) -> String {
        guard text.utf8.count <= 4096, !text.utf8.contains(0) else {
            throw InvalidText(
                "'\(shortened(text))' is no argument of a program (at most 4096 bytes, none of them zero)")
        }
        return text
    }

    /// `200` or `200-299`.
    static func statuses(_ text: String) throws(InvalidText) -> ClosedRange<Int> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.count == 3 && part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
        }
        guard (1...2).contains(parts.count), numbers.count == parts.count, let first = numbers.first,
            let last = numbers.last, first <= last, Language.HTTPCheck.statuses.contains(first),
            Language.HTTPCheck.statuses.contains(last)
        else { throw InvalidText("'\(shortened(text))' is neither a status nor a range of them such as '200-299'") }
        return first...last
    }
}
