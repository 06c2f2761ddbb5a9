/// Reads the texts of access logs.
enum LogTemplateText {
    /// Text with keys of records in braces; two braces are one.
    static func check(_ text: String) throws(InvalidText) -> String {
        guard !text.utf8.contains(where: { $0 < 32 }) else { throw InvalidText("a template is one line") }
        var rest = text[...]
        var keys = 0
        while let character = rest.popFirst() {
            guard character == "{" || character == "}" else { continue }
            if rest.first == character {
                rest.removeFirst()
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}") else {
                throw InvalidText("a brace in the template has no other one (two of them are one brace)")
            }
            try checkKey(String(rest[..<end]))
            keys += 1
            rest = rest[rest.index(after: end)...]
        }
        guard keys > 0 else { throw InvalidText("the template has no key, such as '{url.path}'") }
        return text
    }

    private static func checkKey(_ name: String) throws(InvalidText) {
        let prefix = "http.request.header."
        if name.hasPrefix(prefix) {
            _ = try HTTPText.headerName(String(name.dropFirst(prefix.count)))
            return
        }
        let known = Language.AccessLog.recordKeys
        guard known.contains(name) else {
            throw InvalidText(
                "'\(shortened(name))' is no key of the access log" + Suggestion.hint(for: name, among: known))
        }
    }

    /// The name of a label: `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func label(_ text: String) throws(InvalidText) -> String {
        let isName = text.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case 65...90, 97...122, UInt8(ascii: "_"): true
            case 48...57: index > 0
            default: false
            }
        }
        guard isName, (1...128).contains(text.utf8.count) else {
            throw InvalidText("'\(shortened(text))' is no name of a label (letters, digits and '_')")
        }
        return text
    }

    /// A secret that others could guess were it shorter.
    static func key(_ text: String) throws(InvalidText) -> String {
        guard (16...4096).contains(text.utf8.count), !text.utf8.contains(0) else {
            throw InvalidText("a secret has 16 to 4096 bytes (or write 'file:' and the path of a file)")
        }
        return text
    }

    /// What it says must not be seen in a message.
    static func credential(_ text: String) throws(InvalidText) -> String {
        guard (1...4096).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 31 && $0 != 127 }) else {
            throw InvalidText("a secret has 1 to 4096 printable characters (or write 'file:' and a path)")
        }
        return text
    }
}

/// Reads URLs of services that Aya calls.
enum HTTPURLText {
    static func check(_ text: String) throws(InvalidText) -> String {
        let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != 92 }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard isPlain, text.utf8.count < 1024, !authority.isEmpty, !authority.contains("@"), !rest.contains("#") else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.httpURL.what)")
        }
        return text
    }
}
