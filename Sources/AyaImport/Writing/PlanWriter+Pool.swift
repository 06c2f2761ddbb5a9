extension PlanWriter {
    func pool(_ pool: PlannedPool) -> Field {
        let origin = pool.origin
        var fields: [Field] = []
        func add(_ key: String, _ value: Value) { fields.append(Field(key, value, origin)) }
        func addMap(_ key: String, _ entries: [(key: String, value: Value)?]) {
            let entries = entries.compactMap(\.self)
            if !entries.isEmpty { add(key, .flowMap(entries)) }
        }
        let servers = pool.servers.map { ($0, server($0)) }
        let arePlain = servers.allSatisfy { if case .text = $0.1 { true } else { false } }
        if arePlain, servers.count <= 4 {
            add("servers", .flowList(servers.map(\.1)))
        } else {
            add("servers", .list(servers.map { (value: $0.1, origin: $0.0.origin) }))
        }
        if let balance = pool.balance { add("balance", .word(balance)) }
        switch pool.hash {
        case nil: break
        case .sourceIP: add("hash", .word("source_ip"))
        case .path: add("hash", .word("path"))
        case .header(let name): add("hash", .flowMap([("header", .text(name))]))
        case .cookie(let name): add("hash", .flowMap([("cookie", .text(name))]))
        case .query(let name): add("hash", .flowMap([("query", .text(name))]))
        }
        if let health = pool.health { add("health", self.health(health, origin)) }
        switch pool.outliers {
        case nil: break
        case .off: add("outliers", .word("off"))
        case .on(let failures, let ejectFor, let maxEjected, let interval):
            let longest = (ejectFor ?? 30_000) > 300_000 ? ejectFor : nil
            addMap(
                "outliers",
                [
                    number("consecutive_failures", failures, 1...1_000_000, origin),
                    interval.flatMap { duration("interval", max($0, 100), origin) },
                    duration("eject_for", ejectFor, origin), duration("max_eject_for", longest, origin),
                    maxEjected.map { ("max_ejected", .word("\(min(max($0, 0), 100))%")) },
                ])
        }
        if let persistence = pool.persistence { add("persistence", self.persistence(persistence, origin)) }
        if let start = duration("slow_start", pool.slowStart, origin) { add(start.key, start.value) }
        addMap(
            "timeouts",
            [
                duration("connect", pool.connectTimeout, origin), duration("response", pool.responseTimeout, origin),
                duration("idle", pool.idleTimeout, origin),
            ])
        if let retry = pool.retry { addRetry(retry, origin, addMap, add) }
        if let breaker = pool.breaker {
            addMap(
                "breaker",
                [
                    number("failures", breaker.failures, 1...1_000_000, origin),
                    duration("open_for", breaker.openFor, origin),
                ])
        }
        if let queue = pool.queue {
            addMap(
                "queue",
                [number("limit", queue.limit, 1...10_000_000, origin), duration("timeout", queue.timeout, origin)])
        }
        switch pool.concurrency {
        case nil: break
        case .adaptive: add("concurrency", .word("adaptive"))
        case .limit(let limit): addMap("concurrency", [number("limit", limit, 1...10_000_000, origin)])
        }
        if let fallback = pool.fallbackPool { add("fallback", .text(fallback)) }
        if let name = pool.serverProtocol { add("protocol", .word(name)) }
        if let idle = number("idle_connections", pool.idleConnections, 0...100_000, origin) { add(idle.0, idle.1) }
        if let version = pool.proxyProtocol { add("proxy_protocol", .word(version)) }
        if let tls = pool.tls {
            var entries: [(key: String, value: Value)] = []
            if let verify = tls.verify { entries.append(("verify", .text(verify))) }
            if let sni = tls.sni { entries.append(("sni", .text(sni))) }
            if let cert = tls.clientCert, let key = tls.clientKey {
                entries += [("client_cert", .text(cert)), ("client_key", .text(key))]
            }
            add("tls", .flowMap(entries))
        }
        return Field(pool.name, .map(fields), origin, comments: [source(origin)])
    }

    private func addRetry(
        _ retry: PlannedPool.Retry, _ origin: Origin, _ addMap: (String, [(key: String, value: Value)?]) -> Void,
        _ add: (String, Value) -> Void
    ) {
        if retry.attempts == 1 { return add("retry", .word("off")) }
        addMap(
            "retry",
            [
                number("attempts", retry.attempts, 1...10, origin),
                retry.when.isEmpty ? nil : ("when", .flowList(retry.when.map { .word($0) })),
                duration("per_try_timeout", retry.perTryTimeout, origin),
            ])
    }

    private func server(_ server: PlannedPool.Server) -> Value {
        let origin = server.origin
        let more: [(key: String, value: Value)?] = [
            number("weight", server.weight, 0...1_000_000, origin),
            number("max_connections", server.maxConnections, 1...10_000_000, origin),
            server.isBackup ? ("backup", .word("true")) : nil,
            number("priority", server.priority, 0...100, origin),
            server.zone.map { ("zone", .text($0)) },
            server.labels.isEmpty
                ? nil
                : ("labels", .flowMap(server.labels.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })),
        ]
        let entries = more.compactMap(\.self)
        return entries.isEmpty ? .text(server.address) : .flowMap([("address", .text(server.address))] + entries)
    }

    private func health(_ health: PlannedPool.Health, _ origin: Origin) -> Value {
        var check: (key: String, value: Value)
        switch health.check {
        case .http(let path, let method, let host, let status, let body):
            var parts: [(key: String, value: Value)] = [("path", .text(path))]
            if let method, method != "GET" { parts.append(("method", .text(method))) }
            if let host { parts.append(("host", .text(host))) }
            if !health.headers.isEmpty {
                parts.append(("headers", .flowMap(health.headers.map { ($0.name, .text($0.value)) })))
            }
            if !status.isEmpty { parts.append(("status", .flowList(status.map { .word($0) }))) }
            if let body { parts.append(("body", .text(body))) }
            check = ("http", parts.count == 1 ? .text(path) : .flowMap(parts))
        case .tcp(let send, let expect):
            var parts: [(key: String, value: Value)] = []
            if let send { parts.append(("send", .text(send))) }
            if let expect { parts.append(("expect", .text(expect))) }
            check = ("tcp", .flowMap(parts))
        case .grpc(let service):
            check = ("grpc", .flowMap(service.map { [("service", .text($0))] } ?? []))
        }
        // A probe ends before the next begins.
        let timeout = health.timeout.map { min($0, max(health.interval ?? 2000, 1)) }
        if let wanted = health.timeout, let timeout, timeout < wanted {
            findings.differs("a check's timeout is at most its interval in Aya: \(Times.text(timeout))", at: origin)
        }
        let shortInterval = health.timeout == nil && (health.interval ?? 2000) < 1000 ? health.interval : nil
        let more: [(key: String, value: Value)?] = [
            duration("interval", health.interval, origin), duration("fast_interval", health.fastInterval, origin),
            duration("timeout", timeout ?? shortInterval, origin), number("rise", health.rise, 1...1000, origin),
            number("fall", health.fall, 1...1000, origin), number("port", health.port, 1...65535, origin),
        ]
        return .flowMap([check] + more.compactMap(\.self))
    }

    private func persistence(_ persistence: PlannedPool.Persistence, _ origin: Origin) -> Value {
        func bounded(_ key: String, _ first: [(key: String, value: Value)], _ ttl: Int64?, _ entries: Int? = nil)
            -> Value
        {
            // A year and more is as long as a table needs to remember.
            let bounds = [
                ttl.map { ("ttl", Value.milliseconds(min(max($0, 1000), 9600 * 3_600_000))) },
                number("entries", entries, 1...100_000_000, origin),
            ]
            return .flowMap([(key, .flowMap(first + bounds.compactMap(\.self)))])
        }
        switch persistence {
        case .cookie(let name, nil): return .flowMap([("cookie", .text(name))])
        case .cookie(let name, let maxAge?):
            return .flowMap([
                (
                    "cookie",
                    .flowMap([
                        ("name", .text(name)), ("max_age", .milliseconds(min(max(maxAge, 1000), 9600 * 3_600_000))),
                    ])
                )
            ])
        case .follow(let name, let ttl):
            return bounded("cookie", [("name", .text(name)), ("mode", .word("follow"))], ttl)
        case .sourceIP(let ttl, let entries): return bounded("source_ip", [], ttl, entries)
        case .header(let name, nil): return .flowMap([("header", .text(name))])
        case .header(let name, let ttl): return bounded("header", [("name", .text(name))], ttl)
        case .query(let name, nil): return .flowMap([("query", .text(name))])
        case .query(let name, let ttl): return bounded("query", [("name", .text(name))], ttl)
        case .tlsSession: return .flowMap([("tls_session", .flowMap([]))])
        }
    }
}
