/// The form of a line.
package enum LogFormat: Hashable, Sendable {
    /// An object with the keys of `AccessKey`.
    case json
    /// The NCSA's Common Log Format, and the Combined one that adds referrer and user agent.
    case common
    case combined
    case template(LogTemplate)
}

/// Text with keys in braces: `{client.address} {http.request.method} {url.path}`. Two braces are one.
package struct LogTemplate: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case text(String)
        case key(AccessKey)
        /// The name in lower case.
        case header(String)
    }

    package let parts: [Part]

    package struct Invalid: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ text: String) throws(Invalid) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "{" where rest.first != "{":
                guard let end = rest.firstIndex(of: "}") else { throw Invalid(description: "a '{' has no '}'") }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(try Self.part(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            case "{", "}":
                guard rest.first == character else { throw Invalid(description: "a '}' has no '{'") }
                rest.removeFirst()
                literal.append(character)
            default: literal.append(character)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        guard parts.contains(where: { if case .text = $0 { false } else { true } }) else {
            throw Invalid(description: "the template has no key, such as '{url.path}'")
        }
        self.parts = parts
    }

    private static func part(_ name: String) throws(Invalid) -> Part {
        if let key = AccessKey(rawValue: name) { return .key(key) }
        let header = name.dropFirst(AccessKey.headerPrefix.count)
        guard name.hasPrefix(AccessKey.headerPrefix), !header.isEmpty else {
            throw Invalid(description: "'\(name)' is no key of the access log")
        }
        return .header(header.lowercased())
    }
}

extension LogFormat {
    /// What lines of this form need of workers.
    var wants: RecordWants {
        var wants = RecordWants()
        switch self {
        case .json: break
        case .common: wants.query = true
        case .combined:
            wants.query = true
            wants.headers = ["referer"]
        case .template(let template):
            for part in template.parts {
                switch part {
                case .key(.query): wants.query = true
                case .header(let name): wants.headers.insert(name)
                case .key, .text: break
                }
            }
        }
        return wants
    }
}
