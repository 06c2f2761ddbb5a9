/// Reads the small words of HTTP: methods, field names and values, cookies.
enum HTTPText {
    private static let knownMethods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT",
    ]
    private static let longest = 8192

    /// A method as sent; case-sensitive (RFC 9110 section 9.1).
    static func method(_ text: String) throws(InvalidText) -> String {
        guard isToken(text) else { throw InvalidText("'\(shortened(text))' is not a method") }
        let upper = text.uppercased()
        if upper != text, knownMethods.contains(upper) {
            throw InvalidText("methods are case-sensitive: '\(text)' (did you mean '\(upper)'?)")
        }
        if text == "CONNECT" { throw InvalidText("'CONNECT' is never forwarded") }
        return text
    }

    /// A field name in lower case (RFC 9110 section 5.1).
    static func headerName(_ text: String) throws(InvalidText) -> String {
        guard isToken(text), text.utf8.count <= 256 else {
            throw InvalidText("'\(shortened(text))' is not a header name")
        }
        return text.lowercased()
    }

    /// A field value (RFC 9110 section 5.5): no line breaks, no control characters, no blanks around it.
    static func headerValue(_ text: String) throws(InvalidText) -> String {
        guard text.utf8.count <= longest else { throw InvalidText("a header value has at most \(longest) bytes") }
        guard text.utf8.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
            throw InvalidText("'\(shortened(text))' has a line break or another control character")
        }
        for end in [text.utf8.first, text.utf8.last] where end == 32 || end == 9 {
            throw InvalidText("'\(shortened(text))' begins or ends with a blank, which HTTP removes")
        }
        return text
    }

    /// A cookie's name (RFC 6265 section 4.1.1).
    static func cookieName(_ text: String) throws(InvalidText) -> String {
        guard isToken(text), text.utf8.count <= 256 else {
            throw InvalidText("'\(shortened(text))' is not a cookie name")
        }
        return text
    }

    static func cookieValue(_ text: String) throws(InvalidText) -> String {
        let value = try headerValue(text)
        guard !value.utf8.contains(UInt8(ascii: ";")) else {
            throw InvalidText("'\(shortened(text))' has a ';', which ends a cookie")
        }
        return value
    }

    static func queryName(_ text: String) throws(InvalidText) -> String {
        guard !text.isEmpty, text.utf8.count <= 256 else {
            throw InvalidText("the name of a query parameter has 1 to 256 bytes")
        }
        return try queryValue(text)
    }

    static func queryValue(_ text: String) throws(InvalidText) -> String {
        guard text.utf8.count <= longest, !text.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw InvalidText("'\(shortened(text))' has a control character or more than \(longest) bytes")
        }
        return text
    }

    /// A redirect's target with its placeholders.
    static func location(_ text: String) throws(InvalidText) -> String {
        let shown = shortened(text)
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw InvalidText("'\(shown)' is not a location (blanks and non-ASCII characters are written as '%20')")
        }
        let starts = ["/", "http://", "https://", "{scheme}://", "{path}"]
        guard starts.contains(where: text.hasPrefix) else {
            throw InvalidText("'\(shown)' is not a location (it begins with '/', 'https://' or '{scheme}://')")
        }
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else {
                throw InvalidText("'\(shown)' has a brace without its partner")
            }
            let name = String(rest[rest.index(after: open)..<close])
            let known = ["{scheme}", "{host}", "{path}", "{query}"]
            guard known.contains("{\(name)}") else {
                let hint = Suggestion.hint(for: "{\(name)}", among: known)
                throw InvalidText(
                    "unknown placeholder '{\(shortened(name))}'"
                        + (hint.isEmpty ? " (expected {scheme}, {host}, {path} or {query})" : hint))
            }
            rest = rest[rest.index(after: close)...]
        }
        return text
    }

    /// `token` of RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
