extension PlanWriter {
    func route(_ route: PlannedRoute) -> Field {
        let origin = route.origin
        var fields: [Field] = []
        func add(_ key: String, _ value: Value) { fields.append(Field(key, value, origin)) }
        func addConditions(_ key: String, _ conditions: [PlannedRoute.Condition]) {
            guard !conditions.isEmpty else { return }
            add(key, .flowMap(conditions.map { ($0.name, .text($0.value)) }))
        }
        let match = route.match
        if let host = match.host { add("host", .text(host)) }
        if let path = match.path { add("path", .text(path.text)) }
        if !match.methods.isEmpty { add("methods", .flowList(match.methods.map { .text($0) })) }
        addConditions("headers", match.headers)
        addConditions("cookies", match.cookies)
        addConditions("query", match.query)
        let names = route.listeners.sorted()
        if let only = names.first {
            add("listeners", names.count == 1 ? .text(only) : .flowList(names.map { .text($0) }))
        }
        if route.priority != 0 { add("priority", .word("\(route.priority)")) }
        switch route.action {
        case .forward(let shares):
            if let only = shares.first, shares.count == 1 {
                add("pool", .text(only.pool))
            } else {
                add("pool", .flowMap(shares.map { ($0.pool, .word("\(min(max($0.weight, 0), 1_000_000))")) }))
            }
        case .redirect(let to, let status):
            add("redirect", .flowMap([("to", .text(to)), ("status", .word("\(status)"))]))
        case .respond(let status, let headers, let body):
            if headers.isEmpty, body.isEmpty {
                add("respond", .word("\(status)"))
            } else {
                var parts: [(key: String, value: Value)] = [("status", .word("\(status)"))]
                if !headers.isEmpty { parts.append(("headers", .flowMap(headers.map { ($0.name, .text($0.value)) }))) }
                if !body.isEmpty { parts.append(("body", .text(body))) }
                add("respond", .flowMap(parts))
            }
        }
        if let timeout = duration("timeout", route.timeout, origin) { add(timeout.key, timeout.value) }
        if let mirror = route.mirror {
            add(
                "mirror",
                mirror.share >= 1
                    ? .text(mirror.pool)
                    : .flowMap([("pool", .text(mirror.pool)), ("share", .word(Shares.text(mirror.share)))]))
        }
        if route.grpcWeb { add("grpc_web", .word("true")) }
        if !route.subset.isEmpty {
            add("subset", .flowMap(route.subset.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }))
        }
        let comments = [source(origin)] + (route.comment.map { [$0] } ?? [])
        return Field(route.name, .map(fields), origin, comments: comments)
    }
}

/// Shares as Aya writes them, with at most three digits behind the point.
enum Shares {
    static func text(_ share: Double) -> String {
        guard share.isFinite else { return "100%" }
        let thousandths = Int((min(max(share, 0), 1) * 100_000).rounded())
        var fraction = String(1000 + thousandths % 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(thousandths / 1000)%" : "\(thousandths / 1000).\(fraction)%"
    }
}
