/// Reads a router's rule: `Host(`a.example`) && (PathPrefix(`/x`) || Method(`POST`))`.
struct TraefikRule {
    /// Requests that surely fulfil it.
    private(set) var matches: [PlannedRoute.Match] = []
    /// With what routes can't tell left out: who may ask is not widened by it.
    private(set) var unsayable: String?
    /// Names in the ClientHello, of TCP routers; `*` is every name.
    private(set) var names: [String] = []
    private var rest: [Character]
    private var index = 0
    private var depth = 0
    private let findings: Findings
    private let origin: Origin
    private var isMalformed = false

    init(_ text: String, _ findings: Findings, _ origin: Origin) {
        rest = Array(text.prefix(20_000))
        self.findings = findings
        self.origin = origin
        matches = either()
        skipBlanks()
        if index < rest.count || isMalformed {
            unsayable = "the rule '\(OneLine.short(text))'"
            matches = []
        }
        if matches.count > 256 {
            unsayable = "a rule of so many cases"
            matches = []
        }
    }

    private mutating func skipBlanks() { while index < rest.count, rest[index].isWhitespace { index += 1 } }

    private mutating func take(_ text: String) -> Bool {
        skipBlanks()
        let wanted = Array(text)
        guard index + wanted.count <= rest.count, Array(rest[index..<(index + wanted.count)]) == wanted else {
            return false
        }
        index += wanted.count
        return true
    }

    private mutating func either() -> [PlannedRoute.Match] {
        var result = both()
        while !isMalformed, take("||") { result += both() }
        return result
    }

    private mutating func both() -> [PlannedRoute.Match] {
        var result = single()
        while !isMalformed, take("&&") {
            let next = single()
            guard result.count * max(next.count, 1) <= 1024 else {
                isMalformed = true
                return []
            }
            result = result.flatMap { left in next.compactMap { left.and($0) } }
        }
        return result
    }

    private mutating func single() -> [PlannedRoute.Match] {
        depth += 1
        defer { depth -= 1 }
        guard depth < 64, !isMalformed else {
            isMalformed = true
            return []
        }
        if take("!") {
            let start = index
            _ = single()
            unsayable = "'!' before '\(OneLine.short(String(rest[min(start, index)..<index])))'"
            return []
        }
        if take("(") {
            let inner = either()
            if !take(")") { isMalformed = true }
            return inner
        }
        skipBlanks()
        let start = index
        while index < rest.count, rest[index].isLetter { index += 1 }
        let name = String(rest[start..<index])
        guard !name.isEmpty, take("(") else {
            isMalformed = true
            return []
        }
        var arguments: [String] = []
        while !take(")") {
            skipBlanks()
            guard index < rest.count, let quote = ["`", "\"", "'"].first(where: { Character($0) == rest[index] }) else {
                isMalformed = true
                return []
            }
            let open = index + 1
            guard let end = rest[open...].firstIndex(of: Character(quote)) else {
                isMalformed = true
                return []
            }
            arguments.append(String(rest[open..<end]))
            index = end + 1
            _ = take(",")
        }
        return matcher(name, arguments)
    }

    private mutating func matcher(_ name: String, _ arguments: [String]) -> [PlannedRoute.Match] {
        let shown = "\(name)(\(OneLine.short(arguments.joined(separator: ", "))))"
        func lost() -> [PlannedRoute.Match] {
            unsayable = shown
            return []
        }
        switch name {
        case "Host", "HostHeader": return arguments.map { .init(host: $0.lowercased()) }
        case "HostSNI":
            names += arguments
            return [.init()]
        case "HostSNIRegexp":
            guard let first = arguments.first, let hosts = PathExpression.hosts(first) else { return lost() }
            names += hosts
            return [.init()]
        case "HostRegexp":
            var found: [String] = []
            for argument in arguments {
                if ["^.+$", ".+", "^.*$", ".*", "{any:.+}", "{host:.+}", "{catchall:.*}"].contains(argument) {
                    return [.init()]
                }
                // The second version has `{subdomain:[a-z]+}.example.com`.
                if argument.hasPrefix("{"), let end = argument.firstIndex(of: "}") {
                    let tail = argument[argument.index(after: end)...]
                    guard tail.hasPrefix("."), !tail.contains("{") else { return lost() }
                    found.append("*" + tail)
                } else if let hosts = PathExpression.hosts(argument) {
                    found += hosts
                } else {
                    return lost()
                }
            }
            return found.map { .init(host: $0.lowercased()) }
        case "Path": return arguments.map { .init(path: .exact($0)) }
        case "PathPrefix":
            return arguments.flatMap { prefix -> [PlannedRoute.Match] in
                if prefix == "/" { return [.init()] }
                if prefix.hasSuffix("/") { return [.init(path: .below(prefix))] }
                findings.differs(
                    "PathPrefix \(OneLine.short(prefix)): Aya takes it and what is below it, not paths with more behind the "
                        + "last word", at: origin)
                return [.init(path: .exact(prefix)), .init(path: .below(prefix + "/"))]
            }
        case "PathRegexp":
            guard let first = arguments.first, let found = PathExpression.paths(first), !found.isWider else {
                return lost()
            }
            return found.paths.map { .init(path: $0 == .below("/") ? nil : $0) }
        case "Method": return [.init(methods: arguments.map { $0.uppercased() })]
        case "Header", "Headers":
            guard arguments.count == 2 else { return lost() }
            return [.init(headers: [.init(name: arguments[0].lowercased(), value: arguments[1])])]
        case "Query":
            if arguments.count == 2, !arguments[0].contains("=") {
                return [.init(query: [.init(name: arguments[0], value: arguments[1])])]
            }
            let pairs = arguments.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            guard pairs.allSatisfy({ $0.count == 2 }) else { return lost() }
            return [.init(query: pairs.map { .init(name: $0[0], value: $0[1]) })]
        case "ClientIP", "HeaderRegexp", "HeadersRegexp", "QueryRegexp", "ALPN": return lost()
        default: return lost()
        }
    }
}
