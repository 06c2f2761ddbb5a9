/// What a location does with a request.
struct NginxAction {
    var action: PlannedRoute.Action
    /// Conditions beside the location's path.
    var match = PlannedRoute.Match()
    var mirror: (pool: String, share: Double)?
    var origin: Origin
    var comment: String?
}

extension NginxImport {
    /// Several where a variable picks the pool; nil when a location has nothing for clients.
    mutating func actions(of location: NginxLocation, _ site: NginxSite) -> [NginxAction]? {
        let scope = location.scope
        if location.block.contains(where: { $0.name == "internal" }) {
            return [NginxAction(action: .respond(status: 404, headers: [], body: ""), origin: location.origin)]
        }
        if let closed = closed(location) { return [closed] }
        if let directive = location.block.first(where: { $0.name == "return" }) {
            return returned(directive, scope, serverName: site.names.first).map { [$0] }
        }
        for directive in location.block where directive.name == "rewrite" {
            if let redirect = rewritten(directive, site), redirect.match == nil { return [redirect.action] }
            findings.lost("\(directive.shown): Aya forwards paths as they come", at: directive.origin)
        }
        for directive in location.block where directive.name == "if" || directive.name == "limit_except" {
            findings.lost(
                "\(directive.shown) in a location: write a route with 'methods', 'headers', 'cookies' or 'query'",
                at: directive.origin)
        }
        // `proxy_pass` is not inherited: a location without one of its own serves files.
        if let directive = location.block.first(where: { $0.name == "proxy_pass" || $0.name == "grpc_pass" }) {
            return forwards(directive, location, site)
        }
        if let name = location.block.last(where: { $0.name == "try_files" })?.arguments.last, name.hasPrefix("@"),
            let named = NginxLocation.all(in: site.block, site.scope).first(where: { $0.pattern == name }),
            let pass = named.block.first(where: { $0.name == "proxy_pass" })
        {
            findings.lost(
                "try_files: Aya serves no files, so every request goes on to \(OneLine.short(name))",
                at: location.origin)
            return forwards(pass, named, site)
        }
        return [unserved(location)]
    }

    /// Access that is narrower than everybody stays closed: what was protected must not be open after an import.
    private func closed(_ location: NginxLocation) -> NginxAction? {
        let scope = location.scope
        let rules = scope.list(["allow", "deny"])
        let reason: NginxDirective?
        if let first = rules.first, first.name == "deny", first.argument(0) == "all" {
            return NginxAction(action: .respond(status: 403, headers: [], body: ""), origin: location.origin)
        } else if rules.contains(where: { $0.name == "deny" }) {
            reason = rules.first
        } else {
            reason = ["auth_basic", "auth_request", "auth_jwt"].lazy.compactMap { scope.directive($0) }
                .first { $0.argument(0) != "off" }
        }
        guard let reason else { return nil }
        // `satisfy any` and the like change nothing: Aya has neither.
        findings.lost(
            "\(reason.name): Aya does not check who asks; 'location \(OneLine.short(location.pattern))' answers 403 until "
                + "you open it", at: reason.origin)
        var action = NginxAction(action: .respond(status: 403, headers: [], body: ""), origin: location.origin)
        action.comment = "Was protected by '\(reason.name)'; give it its pool only if everybody may ask."
        return action
    }

    private func unserved(_ location: NginxLocation) -> NginxAction {
        let others = ["fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"]
        let what = location.block.first { others.contains($0.name) }
        let files = location.block.first { ["root", "alias", "try_files", "index", "autoindex"].contains($0.name) }
        let shown = what?.name ?? files?.name ?? "files"
        findings.lost(
            what == nil
                ? "\(shown): Aya serves no files; put a web server behind it and give this route its pool"
                : "\(shown): Aya speaks HTTP to servers; put one before the application",
            at: what?.origin ?? files?.origin ?? location.origin)
        var action = NginxAction(action: .respond(status: 501, headers: [], body: ""), origin: location.origin)
        action.comment = "Was '\(shown)'."
        return action
    }

    // MARK: Answers

    /// `return CODE`, `return CODE text`, `return CODE url`, `return url`.
    mutating func returned(_ directive: NginxDirective, _ scope: NginxScope, serverName: String?) -> NginxAction? {
        guard let first = directive.argument(0) else { return nil }
        let code = Int(first)
        let text = (code == nil ? first : directive.argument(1)).map { scope.resolved($0) }
        let status = code ?? 302
        if [301, 302, 303, 307, 308].contains(status), let text {
            return redirect(to: text, status: status, directive, serverName)
        }
        if status == 444 {
            findings.differs(
                "return 444: Aya answers with 404 where nginx closes without an answer", at: directive.origin)
            return NginxAction(action: .respond(status: 404, headers: [], body: ""), origin: directive.origin)
        }
        guard (200...599).contains(status) else {
            findings.lost("\(directive.shown): Aya answers with 200 to 599", at: directive.origin)
            return nil
        }
        let body = text ?? ""
        if NginxText.parts(of: body).contains(where: { if case .variable = $0 { true } else { false } }) {
            findings.differs(
                "\(directive.shown): variables stand in Aya's answer as they are written", at: directive.origin)
        }
        var headers: [PlannedRoute.Condition] = []
        if !body.isEmpty {
            let type = scope.value("default_type") ?? "text/plain"
            headers.append(.init(name: "content-type", value: type))
        }
        for header in scope.list("add_header") {
            guard let name = header.argument(0)?.lowercased(), let value = header.argument(1), !value.contains("$")
            else {
                continue
            }
            headers.removeAll { $0.name == name }
            headers.append(.init(name: name, value: value))
        }
        return NginxAction(action: .respond(status: status, headers: headers, body: body), origin: directive.origin)
    }

    private mutating func redirect(
        to text: String, status: Int, _ directive: NginxDirective, _ serverName: String?
    ) -> NginxAction? {
        var text = text
        if let serverName, serverName != "_", !serverName.hasPrefix("~"), !serverName.contains("*") {
            text = NginxText.parts(of: text).map { part in
                switch part {
                case .text(let text): text
                case .variable("server_name"): serverName
                case .variable(let name): "$\(name)"
                }
            }.joined()
        }
        guard let location = NginxText.location(text) else {
            findings.lost(
                "\(directive.shown): redirects know {scheme}, {host}, {path} and {query}", at: directive.origin)
            return NginxAction(
                action: .respond(status: 501, headers: [], body: ""), origin: directive.origin,
                comment: "Was '\(directive.shown)'.")
        }
        var action = NginxAction(action: .redirect(to: location, status: status), origin: directive.origin)
        if location.hasPrefix("https://{host}/"), !location.hasPrefix("https://{host}/{") { action.comment = nil }
        return action
    }

    /// `rewrite EXPRESSION URL redirect|permanent`, where it is a redirect of whole paths. A nil match is every path.
    func rewritten(_ directive: NginxDirective, _ site: NginxSite) -> (
        action: NginxAction, match: [PlannedRoute.Path]?
    )? {
        guard let expression = directive.argument(0), var target = directive.argument(1) else { return nil }
        let flag = directive.argument(2)
        let isAbsolute = target.hasPrefix("http://") || target.hasPrefix("https://")
        guard flag == "permanent" || flag == "redirect" || isAbsolute else { return nil }
        let status = flag == "permanent" ? 301 : 302
        // The query is added by nginx, unless the target ends with `?`.
        var query = "{query}"
        if target.hasSuffix("?") {
            target.removeLast()
            query = ""
        }
        if target.hasSuffix("$request_uri") || target.contains("?") { query = "" }
        let whole = ["^", "^/", ".*", "^(.*)$", "^(.*)", "^/(.*)$", "^/(.*)", "^.*$"]
        if whole.contains(expression) {
            if target.hasSuffix("$1") {
                let keepsSlash = expression.hasPrefix("^/(")
                target = String(target.dropLast(2))
                guard keepsSlash ? target.hasSuffix("/") : !target.hasSuffix("/") else { return nil }
                if keepsSlash { target.removeLast() }
                target += "$uri"
            }
            guard !target.contains("$1"), let location = NginxText.location(target) else { return nil }
            return (NginxAction(action: .redirect(to: location + query, status: status), origin: directive.origin), nil)
        }
        guard !target.contains("$1"), let found = PathExpression.paths(expression), !found.isWider,
            let location = NginxText.location(target)
        else { return nil }
        let action = NginxAction(action: .redirect(to: location + query, status: status), origin: directive.origin)
        return (action, found.paths)
    }
}
