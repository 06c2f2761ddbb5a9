/// Reads one test of an ACL: a sample of the request, how it is compared, and with what.
enum HAProxyCriterion {
    typealias Alternative = HAProxyCondition.Alternative
    typealias Term = HAProxyCondition.Term

    /// The ACLs that HAProxy brings with it.
    static func predefined(_ name: String) -> Term {
        switch name {
        case "TRUE", "HTTP", "HTTP_1.1": .any([Alternative()])
        case "FALSE": .any([])
        case "METH_GET": method(["GET", "HEAD"])
        case "METH_POST", "METH_PUT", "METH_DELETE", "METH_HEAD", "METH_OPTIONS", "METH_TRACE", "METH_PATCH":
            method([String(name.dropFirst(5))])
        case "LOCALHOST": .unsayable("the client's address", isAccess: true)
        default: .unsayable("'\(OneLine.short(name))'", isAccess: false)
        }
    }

    static func read(_ words: [String], _ origin: Origin, _ findings: Findings) -> Term {
        guard let first = words.first else { return .unsayable("an empty condition", isAccess: false) }
        var how = ""
        var values: [String] = []
        var rest = words.dropFirst()
        var isFile = false
        while let word = rest.first {
            rest = rest.dropFirst()
            if word == "-i" || word == "-n" || word == "-u" { continue }
            if word == "-m", let method = rest.first {
                how = method
                rest = rest.dropFirst()
            } else if word == "-f" || word == "-M" {
                isFile = true
                rest = rest.dropFirst()
            } else if word == "--" {
                values += rest
                break
            } else {
                values.append(word)
            }
        }
        let sample = Sample(first)
        if isFile {
            return .unsayable("a list in a file", isAccess: sample.name == "src")
        }
        return read(sample, how, values, origin, findings)
    }

    /// `req.hdr(host),lower`: a name, an argument, and converters, of which the harmless ones are dropped.
    struct Sample {
        var name: String
        var argument: String?
        var hasConverter = false

        init(_ text: String) {
            var parts = HAProxyText.split(text, at: ",")
            let harmless: Set<String> = ["lower", "url_dec", "field(1,:)", "host_only", "bool", "word(1,:)"]
            let head = parts.isEmpty ? "" : parts.removeFirst()
            hasConverter = parts.contains { !harmless.contains($0) }
            let open = head.firstIndex(of: "(")
            name = String(head[..<(open ?? head.endIndex)])
            if let open, head.hasSuffix(")") {
                argument = String(head[head.index(after: open)...].dropLast())
                if let comma = argument?.firstIndex(of: ","), let text = argument { argument = String(text[..<comma]) }
            }
            for prefix in ["req.", "req_"]
            where name.hasPrefix(prefix) && !name.hasPrefix("req_ssl") && !name.hasPrefix("req.ssl") {
                name = String(name.dropFirst(4))
            }
            if name == "cook" { name = "cookie" }
            if name == "fhdr" { name = "hdr" }
        }
    }

    private static func read(
        _ sample: Sample, _ how: String, _ values: [String], _ origin: Origin, _ findings: Findings
    ) -> Term {
        let text = OneLine.short(([sample.name] + values).joined(separator: " "))
        let unsayable = Term.unsayable("'\(text)'", isAccess: false)
        if sample.hasConverter { return unsayable }
        let (name, kind) = split(sample.name, how)
        let argument = sample.argument ?? ""
        switch name {
        case "hdr" where argument.lowercased() == "host": return hosts(kind, values, origin, findings) ?? unsayable
        case "ssl_fc_sni" where kind.isEmpty || kind == "str":
            return hosts("str", values, origin, findings) ?? unsayable
        case "hdr":
            guard kind.isEmpty || kind == "str", !argument.isEmpty else { return unsayable }
            return .any(
                values.map { value in
                    Alternative(match: .init(headers: [.init(name: argument.lowercased(), value: value)]))
                })
        case "cookie":
            guard kind.isEmpty || kind == "str", !argument.isEmpty else { return unsayable }
            return .any(values.map { Alternative(match: .init(cookies: [.init(name: argument, value: $0)])) })
        case "url_param", "urlp":
            guard kind.isEmpty || kind == "str", !argument.isEmpty else { return unsayable }
            return .any(values.map { Alternative(match: .init(query: [.init(name: argument, value: $0)])) })
        case "path", "url", "capture.uri": return paths(kind, values, origin, findings) ?? unsayable
        case "method": return method(values.map { $0.uppercased() })
        case "ssl_fc", "https": return .any([Alternative(transport: .tls)])
        case "always_true": return .any([Alternative()])
        case "always_false": return .any([])
        case "dst_port": return .unsayable("the port that a client came to", isAccess: false)
        case "src", "hdr_ip", "src_port", "http_auth", "http_auth_group", "ssl_c_used", "ssl_c_verify", "ssl_c_s_dn":
            return .unsayable("who asks ('\(text)')", isAccess: true)
        case "req_ssl_sni", "req.ssl_sni", "req_ssl.sni":
            return sni(kind, values) ?? unsayable
        case "req_ssl_hello_type", "req.ssl_hello_type": return .any([Alternative()])
        default: return unsayable
        }
    }

    /// `path_beg` is `path` with `beg`.
    private static func split(_ name: String, _ how: String) -> (name: String, kind: String) {
        for suffix in ["beg", "end", "dir", "dom", "reg", "sub", "str", "len", "rem"] where name.hasSuffix("_" + suffix)
        {
            return (String(name.dropLast(suffix.utf8.count + 1)), suffix)
        }
        return (name, how)
    }

    static func method(_ names: [String]) -> Term { .any([Alternative(match: .init(methods: names))]) }

    private static func hosts(_ kind: String, _ values: [String], _ origin: Origin, _ findings: Findings) -> Term? {
        var hosts: [String] = []
        for value in values {
            let name = value.lowercased()
            switch kind {
            case "", "str":
                // Hosts match whatever the port.
                hosts.append(HAProxyText.host(name))
            case "end":
                if name.hasPrefix(".") {
                    hosts.append("*" + name)
                } else {
                    hosts += [name, "*." + name]
                    findings.differs(
                        "'\(OneLine.short(name))' at the end of a host: Aya takes it and names below it", at: origin)
                }
            case "dom":
                hosts += [name, "*." + name]
                findings.differs(
                    "'\(OneLine.short(name))' inside of a host: Aya takes it and names below it", at: origin)
            case "reg":
                guard let found = PathExpression.hosts(value) else { return nil }
                hosts += found
            default: return nil
            }
        }
        return .any(hosts.map { Alternative(match: .init(host: $0)) })
    }

    private static func sni(_ kind: String, _ values: [String]) -> Term? {
        switch kind {
        case "", "str": return .any(values.map { Alternative(sni: $0.lowercased()) })
        case "end":
            guard values.allSatisfy({ $0.hasPrefix(".") }) else { return nil }
            return .any(values.map { Alternative(sni: "*" + $0.lowercased()) })
        case "reg":
            let found = values.map { PathExpression.hosts($0) }
            guard !found.contains(nil) else { return nil }
            return .any(found.compactMap(\.self).flatMap(\.self).map { Alternative(sni: $0) })
        default: return nil
        }
    }

    private static func paths(_ kind: String, _ values: [String], _ origin: Origin, _ findings: Findings) -> Term? {
        var paths: [PlannedRoute.Path] = []
        for value in values {
            switch kind {
            case "", "str": paths.append(.exact(value))
            case "beg":
                if value.hasSuffix("/") {
                    paths.append(.below(value))
                } else {
                    guard value.hasPrefix("/") else { return nil }
                    paths += [.exact(value), .below(value + "/")]
                    findings.differs(
                        "path_beg \(OneLine.short(value)): Aya takes it and what is below it, not paths with more behind "
                            + "the last word", at: origin)
                }
            case "reg":
                guard let found = PathExpression.paths(value) else { return nil }
                paths += found.paths
                if found.isWider {
                    findings.differs(
                        "path_reg \(OneLine.short(value)): paths with more behind the last word are not taken",
                        at: origin)
                }
            default: return nil
            }
        }
        return .any(paths.map { Alternative(match: .init(path: $0 == .below("/") ? nil : $0)) })
    }
}

/// Texts of HAProxy's small languages.
enum HAProxyText {
    /// At a comma that no bracket holds.
    static func split(_ text: String, at separator: Character) -> [String] {
        var parts: [String] = []
        var part = ""
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == separator, depth <= 0 {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        parts.append(part)
        return parts
    }

    /// Without its port.
    static func host(_ text: String) -> String {
        guard !text.hasPrefix("["), let colon = text.lastIndex(of: ":") else { return text }
        return String(text[..<colon])
    }
}
