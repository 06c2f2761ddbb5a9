/// What a matcher of a Caddyfile asks, as matches of routes.
struct CaddyMatcher {
    /// Requests that surely fulfil it.
    var matches: [PlannedRoute.Match] = [PlannedRoute.Match()]
    /// Why routes can't say all of it.
    var unsayable: String?
    /// That part is about who asks.
    var isAccess = false
    /// Without the part that can't be said.
    var widest: [PlannedRoute.Match] = [PlannedRoute.Match()]
    /// How far in front it is sorted: Caddy looks at longer paths first, and at what has no matcher last.
    var rank = 0

    static func path(_ text: String, _ findings: Findings, _ origin: Origin) -> CaddyMatcher {
        var matcher = CaddyMatcher()
        matcher.and(paths([text], findings, origin), "path \(OneLine.short(text))")
        matcher.rank = 1000 + text.utf8.count
        return matcher
    }

    /// `@name path /x` or `@name { … }`.
    static func named(_ definition: CaddyDirective, _ findings: Findings) -> CaddyMatcher {
        var matcher = CaddyMatcher()
        matcher.rank = 1
        var lines = definition.block
        if let kind = definition.argument(0) {
            let arguments = Array(definition.arguments.dropFirst())
            lines.insert(
                CaddyDirective(name: kind, arguments: arguments, block: [], origin: definition.origin), at: 0)
        }
        for line in lines { matcher.add(line, findings) }
        if let longest = lines.first(where: { $0.name == "path" })?.arguments.map(\.utf8.count).max() {
            matcher.rank = 1000 + longest
        }
        return matcher
    }

    private mutating func add(_ line: CaddyDirective, _ findings: Findings) {
        let shown = line.shown
        switch line.name {
        case "path": and(Self.paths(line.arguments, findings, line.origin), shown)
        case "host": and(line.arguments.map { .init(host: $0.lowercased()) }, shown)
        case "method": and([.init(methods: line.arguments.map { $0.uppercased() })], shown)
        case "header":
            guard let name = line.argument(0), let value = line.argument(1), !value.contains("*"), !name.hasPrefix("!")
            else {
                return and(nil, shown)
            }
            and([.init(headers: [.init(name: name.lowercased(), value: value)])], shown)
        case "query":
            let conditions = line.arguments.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            guard conditions.allSatisfy({ $0.count == 2 && $0[1] != "*" }) else { return and(nil, shown) }
            and([.init(query: conditions.map { .init(name: $0[0], value: $0[1]) })], shown)
        case "path_regexp":
            guard let expression = line.arguments.last, let found = PathExpression.paths(expression), !found.isWider
            else {
                return and(nil, shown)
            }
            and(found.paths.map { .init(path: $0 == .below("/") ? nil : $0) }, shown)
        case "protocol":
            if line.argument(0) == "grpc" {
                and([.init(headers: [.init(name: "content-type", value: "application/grpc")])], shown)
            } else {
                and(nil, shown)
            }
        case "remote_ip", "client_ip":
            // A list of those who may not enter opens nothing to others when it is lost.
            and(nil, shown)
        case "not":
            let inner = line.block.first?.name ?? line.argument(0) ?? ""
            if inner == "remote_ip" || inner == "client_ip" { isAccess = true }
            and(nil, shown)
        default: and(nil, shown)
        }
    }

    private mutating func and(_ choices: [PlannedRoute.Match]?, _ shown: String) {
        guard let choices else {
            unsayable = shown
            matches = []
            return
        }
        matches = Self.product(matches, choices)
        widest = Self.product(widest, choices)
        if widest.count > 256 { (matches, widest, unsayable) = ([], [PlannedRoute.Match()], "too many cases") }
    }

    static func product(_ left: [PlannedRoute.Match], _ right: [PlannedRoute.Match]) -> [PlannedRoute.Match] {
        left.flatMap { mine in right.compactMap { mine.and($0) } }
    }

    /// `/x` alone, `/x/*`, `/x*`; a star elsewhere can't be said.
    static func paths(_ patterns: [String], _ findings: Findings, _ origin: Origin) -> [PlannedRoute.Match]? {
        var matches: [PlannedRoute.Match] = []
        for pattern in patterns {
            if pattern == "*" || pattern == "/*" {
                matches.append(PlannedRoute.Match())
            } else if pattern.hasSuffix("/*"), !pattern.dropLast().contains("*") {
                matches.append(.init(path: .below(String(pattern.dropLast()))))
            } else if pattern.hasSuffix("*"), !pattern.dropLast().contains("*"), pattern.hasPrefix("/") {
                let path = String(pattern.dropLast())
                matches += [.init(path: .exact(path)), .init(path: .below(path + "/"))]
                findings.differs(
                    "\(OneLine.short(pattern)): Aya takes '\(OneLine.short(path))' and what is below it, not paths with more "
                        + "behind the last word", at: origin)
            } else if !pattern.contains("*"), pattern.hasPrefix("/") {
                matches.append(.init(path: .exact(pattern)))
            } else {
                return nil
            }
        }
        return matches
    }
}
