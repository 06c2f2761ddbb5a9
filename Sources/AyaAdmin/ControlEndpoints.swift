internal import AyaConfig
internal import AyaHTTP
internal import AyaTelemetry

/// The paths of the admin API that change something or tell of configurations. Whoever sends a change may add
/// `dry_run` to the query, and the generation that it is meant for as `If-Match`.
struct ControlEndpoints {
    private let desk: any ControlDesk
    private let visitor: AdminAccess.Visitor

    init(_ desk: any ControlDesk, _ visitor: AdminAccess.Visitor) {
        self.desk = desk
        self.visitor = visitor
    }

    /// Nil for a path that is none of these. Every one of them stands in `AdminEndpoint.all` too: what is not there is
    /// not served.
    func respond(to request: ServiceRequest) async -> ServiceResponse? {
        // Names and addresses in paths may be written with escapes: `unix:` addresses have slashes.
        let parts = request.path.split(separator: "/").map { PercentEscape.decoded($0) }
        guard parts.first == "v1" else { return nil }
        let query = Query(request.query)
        switch (parts.count, parts.count > 1 ? parts[1] : "") {
        case (2, "reload"): return await post(request, .reload, query)
        case (2, "rollback"): return await post(request, .rollback(nil), query)
        case (2, "events"): return events(request, query)
        case (2, "tap"): return tap(request, query)
        case (2, "explain"): return await explain(request)
        case (2, "log"): return await log(request, query)
        case (2, "upgrade"): return await post(request, .upgrade, query)
        case (2, "changes"): return await delete(request, .reset, query)
        case (2, "generations"): return get(request) { .generations(desk.generations()) }
        case (2, "config"): return configuration(request, .running)
        case (2, "audit"): return audit(request)
        case (2, "diff"): return await difference(request, query)
        case (3, "generations"):
            guard let number = Int(parts[2]) else { return .nothing }
            return configuration(request, .generation(number))
        case (4, "generations") where parts[3] == "rollback":
            guard let number = Int(parts[2]) else { return .nothing }
            return await post(request, .rollback(number), query)
        case (3, "routes"): return await patchRoute(request, parts[2], query)
        case (4, "pools") where parts[3] == "servers":
            return await post(request, .addServer(pool: parts[2], text: request.body), query)
        case (5, "pools") where parts[3] == "servers":
            return await server(request, pool: parts[2], parts[4], query)
        default: return nil
        }
    }

    // MARK: one thing

    private func server(_ request: ServiceRequest, pool: String, _ server: String, _ query: Query) async
        -> ServiceResponse
    {
        switch request.method {
        case "DELETE": return await change(request, .removeServer(pool: pool, server: server), query)
        case "PATCH":
            guard let wanted = FlatObject.read(request.body), wanted.count == 1, let (key, value) = wanted.first,
                let kind = Self.serverChange(key, value, pool: pool, server)
            else { return .badBody("send one of { weight }, { drain: true, false or a time }") }
            return await change(request, kind, query)
        default: return .notAllowed("PATCH, DELETE")
        }
    }

    private static func serverChange(
        _ key: String, _ value: String, pool: String, _ server: String
    ) -> WantedChange.Kind? {
        switch (key, value) {
        case ("weight", _): Int(value).map { .setWeight($0, pool: pool, server: server) }
        case ("drain", "true"): .drain(nil, pool: pool, server: server)
        case ("drain", "false"): .endDraining(pool: pool, server: server)
        case ("drain", _):
            DurationText.parse(value).map { .drain(min($0, longestDrain), pool: pool, server: server) }
        default: nil
        }
    }

    private static let longestDrain = Duration.seconds(365 * 24 * 3600)

    private func patchRoute(_ request: ServiceRequest, _ route: String, _ query: Query) async -> ServiceResponse {
        guard request.method == "PATCH" else { return .notAllowed("PATCH") }
        switch FlatObject.read(request.body) {
        case ["enabled": "true"]: return await change(request, .setRoute(route, isEnabled: true), query)
        case ["enabled": "false"]: return await change(request, .setRoute(route, isEnabled: false), query)
        default: return .badBody("send { enabled: true } or { enabled: false }")
        }
    }

    private func log(_ request: ServiceRequest, _ query: Query) async -> ServiceResponse {
        guard request.method == "PATCH" else {
            return get(request) { .logLevel(desk.logLevel, kept: desk.keptLogLevel) }
        }
        var wanted = FlatObject.read(request.body) ?? [:]
        let (level, keep) = (wanted.removeValue(forKey: "level"), wanted.removeValue(forKey: "keep") ?? "false")
        guard let level, wanted.isEmpty, keep == "true" || keep == "false" else {
            return .badBody("send { level: debug, info, notice, warning or error }, and { keep: true } for good")
        }
        return await change(request, .setLogLevel(level, isKept: keep == "true"), query)
    }

    private func tap(_ request: ServiceRequest, _ query: Query) -> ServiceResponse {
        guard request.method == "GET" else { return .notAllowed("GET") }
        do throws(TapWish.Fault) {
            let wish = try TapWish(query.pairs, duration: DurationText.parse)
            guard let feed = desk.tap(wish) else {
                return Problem(status: 503, title: "Too many watch already", code: "tap_limit").response()
            }
            return .feed(feed)
        } catch {
            return .badBody(error.description)
        }
    }

    private func configuration(_ request: ServiceRequest, _ version: Version) -> ServiceResponse {
        let notation: Notation = request.header("accept")?.contains("application/json") ?? false ? .json : .yaml
        return get(request) { .configuration(desk.configuration(version, as: notation), as: notation) }
    }

    private func events(_ request: ServiceRequest, _ query: Query) -> ServiceResponse {
        request.method == "GET" ? .feed(desk.events(recent: query.number("recent") ?? 0)) : .notAllowed("GET")
    }

    private func explain(_ request: ServiceRequest) async -> ServiceResponse {
        guard request.method == "POST" else { return .notAllowed("POST") }
        do throws(QuestionFault) {
            return .json(try await desk.explain(request.body))
        } catch {
            return .badBody(error.reason)
        }
    }

    private func audit(_ request: ServiceRequest) -> ServiceResponse {
        get(request) {
            let (entries, problem) = desk.audit()
            return .audit(entries, problem: problem)
        }
    }

    private func difference(_ request: ServiceRequest, _ query: Query) async -> ServiceResponse {
        guard request.method == "GET" || request.method == "HEAD" else { return .notAllowed("GET, HEAD") }
        guard let old = query.version("from", or: .running), let new = query.version("to", or: .file) else {
            return .badBody("'from' and 'to' are a generation's number, 'running' or 'file'")
        }
        return .difference(await desk.difference(from: old, to: new))
    }

    // MARK: methods

    private func get(_ request: ServiceRequest, _ answer: () -> ServiceResponse) -> ServiceResponse {
        request.method == "GET" || request.method == "HEAD" ? answer() : .notAllowed("GET, HEAD")
    }

    private func post(_ request: ServiceRequest, _ kind: WantedChange.Kind, _ query: Query) async -> ServiceResponse {
        request.method == "POST" ? await change(request, kind, query) : .notAllowed("POST")
    }

    private func delete(_ request: ServiceRequest, _ kind: WantedChange.Kind, _ query: Query) async -> ServiceResponse {
        request.method == "DELETE" ? await change(request, kind, query) : .notAllowed("DELETE")
    }

    private func change(_ request: ServiceRequest, _ kind: WantedChange.Kind, _ query: Query) async -> ServiceResponse {
        var wanted = WantedChange(kind, isTrial: query.has("dry_run"))
        if let tag = request.header("if-match"), tag != "*" {
            guard let number = Int(tag.filter { $0 != "\"" }) else {
                return .badBody("If-Match is a generation's number")
            }
            wanted.expected = number
        }
        return .change(await desk.change(wanted, by: Author(request, visitor)))
    }
}

extension Author {
    init(_ request: ServiceRequest, _ visitor: AdminAccess.Visitor) {
        self.init(
            client: request.client.map { "\($0)" } ?? "unix socket", agent: request.header("user-agent"),
            identity: visitor.identity)
    }
}

extension ServiceResponse {
    /// Server-sent events.
    static func feed(_ feed: ServiceFeed) -> ServiceResponse {
        ServiceResponse(
            status: 200, headers: [("content-type", "text/event-stream"), ("cache-control", "no-store")], feed: feed)
    }

    static var nothing: ServiceResponse {
        Problem(status: 404, title: "Nothing is at this path", code: "not_found").response()
    }

    static func notAllowed(_ methods: String) -> ServiceResponse {
        Problem(status: 405, title: "Only \(methods) is possible here", code: "method_not_allowed")
            .response([("allow", methods)])
    }

    static func badBody(_ hint: String) -> ServiceResponse {
        Problem(status: 400, title: "The request is not understood", code: "bad_request").response(details: [hint])
    }
}
