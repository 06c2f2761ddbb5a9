extension CaddyImport {
    /// Directives that answer, in the order in which Caddy sorts them.
    private static let order = [
        "redir", "basic_auth", "basicauth", "forward_auth", "handle", "handle_path", "route", "abort", "error",
        "respond",
        "metrics", "reverse_proxy", "php_fastcgi", "file_server", "acme_server",
    ]

    /// What Aya does by itself, what stands elsewhere, and what is Caddy's own affair.
    private static let needless: Set<String> = [
        "bind", "tls", "request_body", "log", "log_skip", "skip_log", "log_append", "log_name", "tracing", "vars", "fs",
        "root", "import",
    ]

    private static let advice: [String: String] = [
        "encode": "Aya does not compress; let the servers do it",
        "header": "Aya adds no headers to answers",
        "request_header": "Aya sets no headers for servers",
        "rewrite": "Aya forwards paths as they come",
        "uri": "Aya forwards paths as they come",
        "try_files": "Aya serves no files",
        "handle_errors": "a pool's 'fallback' answers while servers are gone",
        "handle_response": "Aya passes the servers' answers on",
        "templates": "Aya does not change bodies",
        "push": "Aya does not push",
        "map": "Aya has no variables; write a route for each value",
        "method": "Aya keeps the method",
        "rate_limit": "Aya bounds connections of a client ('limits: { connections_per_client }'), not its rate",
    ]

    /// Routes in the order in which they are tried.
    mutating func terminals(
        _ body: [CaddyDirective], _ site: CaddyBlock, _ label: String, keepsOrder: Bool = false, depth: Int = 0
    ) -> [PlannedRoute] {
        guard depth < 12 else { return [] }
        let definitions = body.filter { $0.name.hasPrefix("@") }
        var entries: [(directive: CaddyDirective, matcher: CaddyMatcher, arguments: [String])] = []
        for directive in body where !directive.name.hasPrefix("@") {
            let isKnown = Self.order.contains(directive.name)
            if !isKnown {
                if Self.needless.contains(directive.name) { continue }
                findings.lost(
                    "\(directive.shown): \(Self.advice[directive.name] ?? "Aya has nothing for it")",
                    at: directive.origin)
                continue
            }
            let (matcher, arguments) = matcher(directive, definitions)
            entries.append((directive, matcher, arguments))
        }
        if !keepsOrder {
            let ranks = entries.map { Self.order.firstIndex(of: $0.directive.name) ?? 0 }
            let sorted = entries.indices.sorted { left, right in
                if ranks[left] != ranks[right] { return ranks[left] < ranks[right] }
                let ofMatchers = (entries[left].matcher.rank, entries[right].matcher.rank)
                return ofMatchers.0 != ofMatchers.1 ? ofMatchers.0 > ofMatchers.1 : left < right
            }
            entries = sorted.map { entries[$0] }
        }
        return entries.flatMap { routes($0.directive, $0.matcher, $0.arguments, site, label, depth) }
    }

    private func matcher(
        _ directive: CaddyDirective, _ definitions: [CaddyDirective]
    ) -> (matcher: CaddyMatcher, arguments: [String]) {
        guard let first = directive.argument(0) else { return (CaddyMatcher(), []) }
        let rest = Array(directive.arguments.dropFirst())
        if first == "*" { return (CaddyMatcher(), rest) }
        // `redir /new` has a target and no matcher.
        let isTarget = directive.name == "redir" && directive.arguments.count == 1
        if first.hasPrefix("/"), !isTarget { return (.path(first, findings, directive.origin), rest) }
        if first.hasPrefix("@") {
            guard let definition = definitions.first(where: { $0.name == first }) else {
                findings.lost("\(first): there is no such matcher here", at: directive.origin)
                return (CaddyMatcher(matches: [], unsayable: first), rest)
            }
            return (.named(definition, findings), rest)
        }
        return (CaddyMatcher(), directive.arguments)
    }

    private mutating func routes(
        _ directive: CaddyDirective, _ matcher: CaddyMatcher, _ arguments: [String], _ site: CaddyBlock,
        _ label: String,
        _ depth: Int
    ) -> [PlannedRoute] {
        let isDenial =
            ["abort", "error", "basic_auth", "basicauth", "forward_auth"].contains(directive.name)
            || directive.name == "respond" && arguments.contains { ["401", "403", "404"].contains($0) }
        var matches = matcher.matches
        if let reason = matcher.unsayable {
            if isDenial, matcher.isAccess {
                matches = matcher.widest
                findings.lost(
                    "\(directive.shown): Aya does not check who asks; nobody may until you open it",
                    at: directive.origin)
            } else {
                findings.lost("\(directive.shown): routes can't tell '\(reason)'", at: directive.origin)
            }
        }
        func all(_ name: String, _ action: PlannedRoute.Action, _ comment: String? = nil) -> [PlannedRoute] {
            matches.map { match in
                var route = PlannedRoute(name: name, match: match, action: action, origin: directive.origin)
                route.comment = comment
                return route
            }
        }
        switch directive.name {
        case "redir":
            guard let target = arguments.first, let to = Self.location(target) else {
                findings.lost(
                    "\(directive.shown): redirects know {scheme}, {host}, {path} and {query}", at: directive.origin)
                return all(
                    "\(label)-redirect", .respond(status: 501, headers: [], body: ""), "Was '\(directive.shown)'.")
            }
            return all("\(label)-redirect", .redirect(to: to, status: Self.status(arguments.dropFirst().first)))
        case "respond":
            return all("\(label)-answer", Self.answer(directive, arguments))
        case "abort", "error":
            let status = arguments.compactMap { Int($0) }.first ?? (directive.name == "abort" ? 403 : 500)
            if directive.name == "abort" {
                findings.differs(
                    "abort: Aya answers with 403 where Caddy closes without an answer", at: directive.origin)
            }
            return all(
                "\(label)-denied", .respond(status: (200...599).contains(status) ? status : 500, headers: [], body: ""))
        case "basic_auth", "basicauth", "forward_auth":
            findings.lost(
                "\(directive.name): Aya does not check who asks; it answers 403 until you open it", at: directive.origin
            )
            return all(
                "\(label)-closed", .respond(status: 403, headers: [], body: ""),
                "Was protected by '\(directive.name)'; give it its pool only if everybody may ask.")
        case "handle", "handle_path", "route":
            if directive.name == "handle_path" {
                findings.lost(
                    "\(directive.shown): the prefix was cut off; Aya forwards paths as they come, so the servers have to "
                        + "answer to the whole path", at: directive.origin)
            }
            let inner = terminals(directive.block, site, label, keepsOrder: directive.name == "route", depth: depth + 1)
            guard plan.hasRoom(for: inner.count * matches.count, findings, at: directive.origin) else { return [] }
            return inner.flatMap { route in
                matches.compactMap { match in
                    var route = route
                    guard let both = match.and(route.match) else { return nil }
                    route.match = both
                    return route
                }
            }
        case "metrics":
            findings.lost("metrics: see 'admin', which has /metrics", at: directive.origin)
            return all("\(label)-metrics", .respond(status: 404, headers: [], body: ""))
        case "reverse_proxy":
            guard let pool = pool(directive, arguments) else {
                return all(label, .respond(status: 502, headers: [], body: ""), "Was '\(directive.shown)'.")
            }
            return all(label, PlannedRoute.pool(pool))
        default:
            findings.lost(
                directive.name == "php_fastcgi"
                    ? "php_fastcgi: Aya speaks HTTP to servers; put one before the application"
                    : "\(directive.name): Aya serves no files; put a web server behind it and give this route its pool",
                at: directive.origin)
            return all(label, .respond(status: 501, headers: [], body: ""), "Was '\(directive.name)'.")
        }
    }

    private static func answer(_ directive: CaddyDirective, _ arguments: [String]) -> PlannedRoute.Action {
        var status = 200
        var body = directive.first("body")?.argument(0) ?? ""
        for (index, argument) in arguments.enumerated() {
            if let number = Int(argument), (200...599).contains(number), index > 0 || arguments.count == 1 {
                status = number
            } else if index == 0 {
                body = argument
            }
        }
        let headers =
            body.isEmpty ? [] : [PlannedRoute.Condition(name: "content-type", value: "text/plain; charset=utf-8")]
        return .respond(status: status, headers: headers, body: body)
    }

    private static func status(_ word: String?) -> Int {
        switch word {
        case "permanent": 301
        case let number? where [301, 302, 303, 307, 308].contains(Int(number) ?? 0): Int(number) ?? 302
        default: 302
        }
    }

    /// A location with Caddy's placeholders as Aya's.
    static func location(_ text: String) -> String? {
        var result = text
        for (theirs, ours) in [
            ("{uri}", "{path}{query}"), ("{http.request.uri}", "{path}{query}"), ("{http.request.uri.path}", "{path}"),
            ("{http.request.host}", "{host}"), ("{http.request.scheme}", "{scheme}"), ("{hostport}", "{host}"),
            ("?{query}", "{query}"), ("{labels.1}.{labels.0}", "\u{0}"),
        ] {
            var rounds = 0
            while let range = result.firstRange(of: theirs), rounds < 16, theirs != ours {
                // `?{query}` becomes `{query}`, which brings its question mark.
                result.replaceSubrange(range, with: ours)
                rounds += 1
            }
        }
        return result.contains("\u{0}") ? nil : result
    }
}
