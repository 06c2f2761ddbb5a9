internal import AyaConfig

/// What else holds for a request, from its listener, its route and its pool.
extension Explainer {
    func policies(
        of route: Blueprint.Route, _ listener: Blueprint.Listener, pool name: String?
    ) -> [Explanation.Policy] {
        var found: [Explanation.Policy] = []
        func add(_ name: String, _ value: String?, _ from: String) {
            if let value { found.append(.init(name: name, value: value, from: from)) }
        }
        let (front, way) = ("listener \(listener.name)", "route \(route.name)")
        add("body limit", listener.limits.body.map { "\($0)" }, front)
        add("criticality", route.criticality == .normal ? nil : route.criticality.rawValue, way)
        add("timeout", route.timeout.map(Self.time), way)
        add("mirror", route.mirror.map { "\(Self.percent($0.share)) copied to pool \($0.pool)" }, way)
        add(
            "fault delay", route.faults?.delay.map { "\(Self.time($0)) for \(Self.percent(route.faults?.delayShare))" },
            way)
        add("fault abort", route.faults?.abort.map { "\($0) for \(Self.percent(route.faults?.abortShare))" }, way)
        add("grpc_web", route.grpcWeb != nil ? "translated" : nil, way)
        add(
            "subset",
            route.subset.isEmpty
                ? nil
                : route.subset.sorted { $0.key < $1.key }
                    .map { "\($0.key)=\($0.value)" }.joined(separator: ", "), way)
        guard let pool = blueprintPool(name) else { return found }
        let back = "pool \(pool.name)"
        add("protocol", pool.serverProtocol == .http ? nil : pool.serverProtocol.rawValue, back)
        add("tls", pool.tls == nil ? nil : "on", back)
        add(
            "timeouts", "connect \(Self.time(pool.timeouts.connect)), response \(Self.time(pool.timeouts.response))",
            back)
        add("retry", Self.retry(pool.retry), back)
        add("hedge", Self.hedge(pool), back)
        add("persistence", pool.persistence.map(Self.persistence), back)
        add("breaker", pool.breaker.map { "opens after \($0.failures) failures for \(Self.time($0.openFor))" }, back)
        add("concurrency", pool.concurrency.map(Self.concurrency), back)
        add("queue", pool.queue.map { "\($0.limit) wait up to \(Self.time($0.timeout))" }, back)
        add("outliers", pool.outliers == nil ? nil : "ejected by their traffic", back)
        add("health", pool.health == nil ? nil : "probed", back)
        add("fallback", pool.fallback.map(Self.fallback), back)
        return found
    }

    private static func retry(_ retry: Blueprint.Retry) -> String? {
        retry.attempts > 1 ? "\(retry.attempts) attempts within a budget of \(percent(retry.budget))" : nil
    }

    private static func hedge(_ pool: Blueprint.Pool) -> String? {
        switch pool.hedge {
        case .off: nil
        case .auto: pool.balance == .auto ? "a second try when slower than 95% of answers" : nil
        case .after(.percentile(let percent), _): "a second try when slower than \(Int(percent))% of answers"
        case .after(.time(let time), _): "a second try after \(Self.time(time))"
        }
    }

    private static func persistence(_ persistence: Blueprint.Persistence) -> String {
        switch persistence.key {
        case .cookie(let cookie): "by cookie \(cookie.name)"
        case .sourceIP: "by the client's address"
        case .tlsSession: "by the TLS session"
        case .header(let name, _): "by header \(name)"
        case .query(let name, _): "by query \(name)"
        }
    }

    private static func concurrency(_ concurrency: Blueprint.Concurrency) -> String {
        switch concurrency {
        case .adaptive(let bounds): "adaptive, \(bounds.minimum) to \(bounds.maximum)"
        case .limit(let limit): "at most \(limit)"
        }
    }

    private static func fallback(_ fallback: Blueprint.Fallback) -> String {
        switch fallback {
        case .pool(let name): "pool \(name)"
        case .respond(let response): "answered with \(response.status)"
        case .stale: "earlier answers"
        }
    }

    private static func time(_ duration: Duration) -> String { DurationText.describe(duration) }

    private static func percent(_ share: Double?) -> String { "\(Int(((share ?? 1) * 100).rounded()))%" }
}
