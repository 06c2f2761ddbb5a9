extension HAProxyImport {
    /// The rules of an HTTP frontend, in the order in which HAProxy looks at them: `http-request`, then `redirect`, then
    /// `use_backend`, then `default_backend`.
    mutating func readRules(_ section: HAProxySection, _ listeners: Set<String>) {
        let conditions = HAProxyCondition(section, findings)
        var routes: [PlannedRoute] = []
        if let monitor = section.line("monitor-uri"), let path = monitor.argument(0) {
            routes.append(
                PlannedRoute(
                    name: "\(section.name)-monitor", match: .init(path: .exact(path)),
                    action: .respond(status: 200, headers: [], body: ""), origin: monitor.origin))
        }
        for line in section.lines where line.keyword == "http-request" || line.keyword == "tcp-request" {
            routes += request(line, section, conditions)
        }
        for line in section.lines where line.keyword == "redirect" {
            routes += redirects(line, Array(line.words.dropFirst()), section, conditions)
        }
        for line in section.lines where line.keyword == "use_backend" && routes.count <= Plan.mostRoutes {
            routes += uses(line, section, conditions)
        }
        if let line = section.line("default_backend"), let backend = line.argument(0) {
            routes += forwards(backend, [HAProxyCondition.Alternative()], line.origin)
        } else if section.kind == .listen, section.lines.contains(where: { $0.keyword.hasPrefix("server") }) {
            routes += forwards(section.name, [HAProxyCondition.Alternative()], section.origin)
        }
        guard plan.hasRoom(for: routes.count, findings, at: section.origin) else { return }
        for var route in RouteOrdering.settle(routes, findings) {
            route.listeners = listeners
            plan.routes.append(route)
        }
    }

    private mutating func request(
        _ line: HAProxyLine, _ section: HAProxySection, _ conditions: HAProxyCondition
    ) -> [PlannedRoute] {
        let words = line.keyword == "tcp-request" ? Array(line.words.dropFirst()) : line.words
        guard words.count > 1 else { return [] }
        switch words[1] {
        case "redirect": return redirects(line, Array(words.dropFirst(2)), section, conditions)
        case "deny", "tarpit", "reject", "silent-drop":
            let status = line.value(after: "deny_status").flatMap { Int($0) } ?? (words[1] == "tarpit" ? 500 : 403)
            return denials(line, section, conditions, status)
        case "return": return answers(line, section, conditions)
        case "auth": return denials(line, section, conditions, 403, isAccess: true)
        case "set-header", "add-header": checkHeader(line)
        case "accept", "allow", "inspect-delay", "capture", "connection", "content", "session", "set-log-level",
            "set-nice",
            "set-tos", "set-mark", "disable-l7-retry", "wait-for-body", "wait-for-handshake", "set-var", "set-var-fmt",
            "unset-var", "track-sc0", "track-sc1", "track-sc2", "early-hint", "normalize-uri", "strict-mode":
            if words[1].hasPrefix("track") {
                findings.lost("\(line.shown): Aya counts no rates of clients", at: line.origin)
            }
        case "use-service": findings.lost("\(line.shown): see 'admin' for status and metrics", at: line.origin)
        case "set-path", "set-pathq", "set-uri", "set-query", "replace-path", "replace-pathq", "replace-uri":
            findings.lost("\(line.shown): Aya forwards paths as they come", at: line.origin)
        default: findings.lost("\(line.shown): Aya has nothing for it", at: line.origin)
        }
        return []
    }

    /// Header fields for servers: the usual ones Aya sets by itself.
    private func checkHeader(_ line: HAProxyLine) {
        let own = [
            "x-forwarded-proto", "x-forwarded-port", "x-forwarded-for", "x-forwarded-host", "x-request-id",
            "x-unique-id",
        ]
        if let name = line.argument(1)?.lowercased(), own.contains(name), name != "x-unique-id" { return }
        findings.lost("\(line.shown): Aya sets no such header for servers", at: line.origin)
    }

    /// What is denied stays denied: where a condition is about who asks, which Aya can't tell, nobody may.
    private mutating func denials(
        _ line: HAProxyLine, _ section: HAProxySection, _ conditions: HAProxyCondition, _ status: Int,
        isAccess: Bool = false
    ) -> [PlannedRoute] {
        let result = conditions.read(line)
        var comment: String?
        if let reason = result.unsayable {
            guard result.isAccess || isAccess else {
                findings.lost("\(line.shown): routes can't tell \(reason)", at: line.origin)
                return result.alternatives.map { denied($0, status, section, line) }
            }
            comment = "Was '\(line.shown)': nobody may until you open it."
            findings.lost(
                "\(line.shown): Aya does not check who asks; it answers \(status) until you open it", at: line.origin)
        } else if isAccess {
            comment = "Was '\(line.shown)': nobody may until you open it."
            findings.lost(
                "\(line.shown): Aya does not check who asks; it answers \(status) until you open it", at: line.origin)
        }
        return (comment == nil ? result.alternatives : result.widest).map {
            var route = denied($0, status, section, line)
            route.comment = comment
            return route
        }
    }

    private func denied(
        _ alternative: HAProxyCondition.Alternative, _ status: Int, _ section: HAProxySection, _ line: HAProxyLine
    ) -> PlannedRoute {
        var route = PlannedRoute(
            name: "\(section.name)-denied", match: alternative.match,
            action: .respond(status: (200...599).contains(status) ? status : 403, headers: [], body: ""),
            origin: line.origin)
        route.transport = alternative.transport
        return route
    }

    /// `http-request return status 200 content-type text/plain string "ok"`.
    private mutating func answers(
        _ line: HAProxyLine, _ section: HAProxySection, _ conditions: HAProxyCondition
    ) -> [PlannedRoute] {
        let result = conditions.read(line)
        if let reason = result.unsayable {
            findings.lost("\(line.shown): routes can't tell \(reason)", at: line.origin)
        }
        if line.words.contains(where: {
            ["file", "lf-file", "errorfile", "errorfiles", "default-errorfiles"].contains($0)
        }) {
            findings.lost("\(line.shown): write the body into the route's 'respond'", at: line.origin)
        }
        let body = line.value(after: "string") ?? line.value(after: "lf-string") ?? ""
        if line.words.contains("lf-string"), body.contains("%") {
            findings.differs("\(line.shown): what stands behind '%' is not filled in", at: line.origin)
        }
        var headers: [PlannedRoute.Condition] = []
        if let type = line.value(after: "content-type") { headers.append(.init(name: "content-type", value: type)) }
        for (index, word) in line.words.enumerated() where word == "hdr" && line.words.indices.contains(index + 2) {
            headers.append(.init(name: line.words[index + 1].lowercased(), value: line.words[index + 2]))
        }
        let status = line.value(after: "status").flatMap { Int($0) } ?? 200
        return result.alternatives.map { alternative in
            PlannedRoute(
                name: "\(section.name)-answer", match: alternative.match,
                action: .respond(status: status, headers: headers, body: body), origin: line.origin)
        }
    }

    private mutating func redirects(
        _ line: HAProxyLine, _ words: [String], _ section: HAProxySection, _ conditions: HAProxyCondition
    ) -> [PlannedRoute] {
        guard let kind = words.first, words.count > 1 else { return [] }
        let result = conditions.read(line)
        if let reason = result.unsayable {
            findings.lost("\(line.shown): routes can't tell \(reason)", at: line.origin)
        }
        var query = "{query}"
        if words.contains("drop-query") { query = "" }
        let to: String?
        switch kind {
        case "scheme": to = "\(words[1])://{host}{path}\(query)"
        case "prefix":
            let prefix = words[1] == "/" ? "" : words[1].hasSuffix("/") ? String(words[1].dropLast()) : words[1]
            to = Self.location(prefix.isEmpty ? "{path}\(query)" : "\(prefix){path}\(query)")
        case "location", "code": to = Self.location(line.value(after: "location") ?? words[1])
        default: to = nil
        }
        guard let to else {
            findings.lost("\(line.shown): redirects know {scheme}, {host}, {path} and {query}", at: line.origin)
            return []
        }
        let status = line.value(after: "code").flatMap { Int($0) } ?? 302
        return result.alternatives.map { alternative in
            var route = PlannedRoute(
                name: "\(section.name)-redirect", match: alternative.match, action: .redirect(to: to, status: status),
                origin: line.origin)
            route.transport = alternative.transport
            return route
        }
    }

    /// A location with HAProxy's samples as Aya's placeholders.
    private static func location(_ text: String) -> String? {
        var result = text
        for (sample, placeholder) in [
            ("%[req.hdr(Host)]", "{host}"), ("%[req.hdr(host)]", "{host}"), ("%[hdr(host)]", "{host}"),
            ("%[req.hdr(host),lower]", "{host}"), ("%[capture.req.uri]", "{path}{query}"),
            ("%[pathq]", "{path}{query}"),
            ("%[path]", "{path}"), ("%[url]", "{path}{query}"), ("%HU", "{path}{query}"), ("%HP", "{path}"),
        ] {
            result = replaced(sample, by: placeholder, in: result)
        }
        return result.contains("%[") ? nil : result
    }

    private static func replaced(_ needle: String, by other: String, in text: String) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        let needle = Array(needle.utf8)
        while !rest.isEmpty {
            if rest.starts(with: needle) {
                result += Array(other.utf8)
                rest = rest.dropFirst(needle.count)
            } else if let byte = rest.popFirst() {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: Backends

    private mutating func uses(
        _ line: HAProxyLine, _ section: HAProxySection, _ conditions: HAProxyCondition
    ) -> [PlannedRoute] {
        guard let backend = line.argument(0) else { return [] }
        let result = conditions.read(line)
        if let reason = result.unsayable {
            findings.lost("\(line.shown): routes can't tell \(reason)", at: line.origin)
        }
        if backend.hasPrefix("%[") { return mapped(backend, line, result.alternatives) }
        return forwards(backend, result.alternatives, line.origin)
    }

    private mutating func forwards(
        _ backend: String, _ alternatives: [HAProxyCondition.Alternative], _ origin: Origin
    ) -> [PlannedRoute] {
        guard let pool = pool(backend, origin, isHTTP: true) else { return [] }
        var routes: [PlannedRoute] = []
        for alternative in alternatives where routes.count <= Plan.mostRoutes {
            routes += entry(backend, alternative)
            var route = PlannedRoute(
                name: backend, match: alternative.match, action: PlannedRoute.pool(pool), origin: origin)
            route.transport = alternative.transport
            routes.append(route)
        }
        return routes
    }

    /// Redirects and denials at a backend's begin concern what gets there.
    private mutating func entry(_ name: String, _ outer: HAProxyCondition.Alternative) -> [PlannedRoute] {
        guard let section = backends[name], section.kind == .backend else { return [] }
        let conditions = HAProxyCondition(section, findings)
        var routes: [PlannedRoute] = []
        for line in section.lines where line.keyword == "http-request" && routes.count <= Plan.mostRoutes {
            routes += request(line, section, conditions)
        }
        for line in section.lines where line.keyword == "redirect" && routes.count <= Plan.mostRoutes {
            routes += redirects(line, Array(line.words.dropFirst()), section, conditions)
        }
        return routes.compactMap { route in
            var route = route
            let inner = HAProxyCondition.Alternative(match: route.match, transport: route.transport)
            guard let both = HAProxyCondition.both(outer, inner) else { return nil }
            (route.match, route.transport) = (both.match, both.transport)
            return route
        }
    }

    /// `%[req.hdr(host),lower,map(hosts.map,default)]`.
    private mutating func mapped(
        _ text: String, _ line: HAProxyLine, _ alternatives: [HAProxyCondition.Alternative]
    ) -> [PlannedRoute] {
        let parts = HAProxyText.split(String(text.dropFirst(2).dropLast()), at: ",")
        let last = parts.last ?? ""
        let sample = HAProxyCriterion.Sample(parts.dropLast().joined(separator: ","))
        let kinds = ["map(": "", "map_str(": "", "map_end(": "end", "map_dom(": "dom", "map_beg(": "beg"]
        guard last.hasSuffix(")"), let kind = kinds.first(where: { last.hasPrefix($0.key) }),
            sample.name == "hdr" && sample.argument?.lowercased() == "host" || sample.name == "path"
        else {
            findings.lost("\(line.shown): only maps of the host or the path can choose a pool", at: line.origin)
            return []
        }
        let arguments = HAProxyText.split(String(last.dropFirst(kind.key.utf8.count).dropLast()), at: ",")
        guard let file = arguments.first, let entries = map(file, line.origin) else {
            findings.lost("\(line.shown): the map can't be read", at: line.origin)
            return []
        }
        var routes: [PlannedRoute] = []
        for entry in entries.prefix(2000) where routes.count <= Plan.mostRoutes {
            guard let backend = entry.argument(0) else { continue }
            let test = [
                sample.name + (sample.argument.map { "(\($0))" } ?? ""), "-m", kind.value.isEmpty ? "str" : kind.value,
                entry.keyword,
            ]
            guard case .any(let matches) = HAProxyCriterion.read(test, line.origin, findings) else {
                findings.lost(
                    "\(OneLine.short(file)): '\(OneLine.short(entry.keyword))' can't be a route's match",
                    at: line.origin)
                continue
            }
            let both = alternatives.flatMap { left in matches.compactMap { HAProxyCondition.both(left, $0) } }
            routes += forwards(backend, both, line.origin)
        }
        if arguments.count > 1 { routes += forwards(arguments[1], alternatives, line.origin) }
        return routes
    }
}
