extension NginxImport {
    /// The pool of a target; made where it is new.
    mutating func pool(of target: NginxTarget, origin: Origin) -> String {
        if let known = pools[target] { return known }
        let name: String
        var pool: PlannedPool
        if let upstreamName = target.upstream, let upstream = upstreams[upstreamName] {
            name = poolNames.unique(upstreamName)
            pool = PlannedPool(name: name, origin: upstream.origin)
            readUpstream(upstream, into: &pool, isTLS: target.isTLS)
        } else {
            name = poolNames.unique(Self.nickname(target.address))
            pool = PlannedPool(name: name, origin: origin)
            pool.servers = [PlannedPool.Server(NginxURL.address(target.address, isTLS: target.isTLS), origin: origin)]
        }
        pool.connectTimeout = target.connectTimeout
        pool.responseTimeout = target.responseTimeout
        pool.serverProtocol = target.serverProtocol
        if target.isTLS {
            pool.tls = .init(
                verify: target.verify, sni: target.sni, clientCert: target.clientCert, clientKey: target.clientKey)
        }
        if target.proxyProtocol { pool.proxyProtocol = "v1" }
        if !target.nextUpstream.isEmpty { pool.retry = retry(target, pool) }
        if !target.health.isEmpty { pool.health = health(target.health) }
        pools[target] = plan.addPool(pool)
        return name
    }

    /// `127.0.0.1:3000` makes a pool `app-3000`; a name keeps its name.
    static func nickname(_ address: String) -> String {
        if address.hasPrefix("unix:") {
            let file = address.split(separator: "/").last.map(String.init) ?? "app"
            return file.hasSuffix(".sock") ? String(file.dropLast(5)) : file
        }
        let parts = address.split(separator: ":").map(String.init)
        let isLoopback = address.hasPrefix("127.") || address.hasPrefix("localhost") || address.hasPrefix("[::1]")
        if isLoopback { return parts.count > 1 ? "app-\(parts[parts.count - 1])" : "app" }
        return address
    }

    private mutating func readUpstream(_ upstream: NginxDirective, into pool: inout PlannedPool, isTLS: Bool) {
        var failures: Set<Int> = []
        var failTimeouts: Set<Int64> = []
        var method: String?
        for directive in upstream.block ?? [] {
            switch directive.name {
            case "server":
                guard let server = server(directive, isTLS: isTLS, &failures, &failTimeouts, &pool) else { continue }
                pool.servers.append(server)
            case "least_conn": method = "least_connections"
            case "ip_hash":
                method = "source_ip_hash"
                findings.differs(
                    "ip_hash: Aya hashes the whole address, nginx the first three parts of IPv4", at: directive.origin)
            case "least_time": method = "least_response_time"
            case "random":
                method = directive.argument(0) == "two" ? "power_of_two" : "random"
            case "hash": setHash(directive, &pool)
            case "keepalive":
                pool.idleConnections = directive.argument(0).flatMap { Int($0) }
            case "keepalive_timeout": pool.idleTimeout = directive.argument(0).flatMap(Times.nginx)
            case "sticky": setSticky(directive, &pool)
            case "queue":
                let timeout = directive.arguments.first { $0.hasPrefix("timeout=") }
                pool.queue = (
                    directive.argument(0).flatMap { Int($0) }, timeout.flatMap { Times.nginx(String($0.dropFirst(8))) }
                )
            case "zone", "keepalive_requests", "keepalive_time", "resolver", "resolver_timeout", "state": break
            default:
                findings.lost("\(directive.shown): Aya's pools have nothing for it", at: directive.origin)
            }
        }
        let isWeighted = pool.servers.contains { ($0.weight ?? 1) > 1 }
        if pool.balance == nil {
            switch method {
            case nil: pool.balance = isWeighted ? "weighted_round_robin" : "round_robin"
            case "least_connections"?: pool.balance = isWeighted ? "weighted_least_connections" : "least_connections"
            case let name?: pool.balance = name
            }
        }
        setOutliers(&pool, failures, failTimeouts, upstream.origin)
    }

    private mutating func server(
        _ directive: NginxDirective, isTLS: Bool, _ failures: inout Set<Int>, _ failTimeouts: inout Set<Int64>,
        _ pool: inout PlannedPool
    ) -> PlannedPool.Server? {
        guard let address = directive.argument(0) else { return nil }
        var server = PlannedPool.Server(NginxURL.address(address, isTLS: isTLS), origin: directive.origin)
        for option in directive.arguments.dropFirst() {
            let value = option.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
            switch option.prefix(while: { $0 != "=" }) {
            case "weight": server.weight = Int(value)
            case "max_conns": server.maxConnections = Int(value).flatMap { $0 > 0 ? $0 : nil }
            case "max_fails": if let count = Int(value) { failures.insert(count) }
            case "fail_timeout": if let time = Times.nginx(value) { failTimeouts.insert(time) }
            case "backup": server.isBackup = true
            case "down": server.weight = 0
            case "slow_start": pool.slowStart = Times.nginx(value)
            case "resolve": break
            default:
                findings.lost("server \(OneLine.short(address)): '\(OneLine.short(option))'", at: directive.origin)
            }
        }
        return server
    }

    /// `max_fails` and `fail_timeout` are each server's in nginx and the pool's in Aya.
    private mutating func setOutliers(
        _ pool: inout PlannedPool, _ failures: Set<Int>, _ failTimeouts: Set<Int64>, _ origin: Origin
    ) {
        guard !failures.isEmpty || !failTimeouts.isEmpty else { return }
        if failures.count > 1 || failTimeouts.count > 1 {
            findings.differs(
                "max_fails and fail_timeout differ between servers; Aya's 'outliers' hold for the whole pool",
                at: origin)
        }
        if failures == [0] || failTimeouts == [0] {
            pool.outliers = .off
        } else {
            pool.outliers = .on(
                failures: max(failures.max() ?? 1, 1), ejectFor: failTimeouts.max() ?? 10_000, maxEjected: nil,
                interval: nil)
        }
    }

    private mutating func setHash(_ directive: NginxDirective, _ pool: inout PlannedPool) {
        guard let key = directive.argument(0) else { return }
        pool.balance = "consistent_hash"
        switch key {
        case "$remote_addr", "$binary_remote_addr": pool.hash = .sourceIP
        case "$uri", "$document_uri": pool.hash = .path
        case "$request_uri", "$host$request_uri", "$scheme$proxy_host$request_uri", "$host$uri":
            pool.hash = .path
            findings.differs("hash \(key): Aya hashes the path, without the query and the host", at: directive.origin)
        default:
            if key.hasPrefix("$http_") {
                pool.hash = .header(NginxLocation.headerName(key.dropFirst(6)))
            } else if key.hasPrefix("$cookie_") {
                pool.hash = .cookie(String(key.dropFirst(8)))
            } else if key.hasPrefix("$arg_") {
                pool.hash = .query(String(key.dropFirst(5)))
            } else {
                pool.hash = .sourceIP
                findings.lost(
                    "hash \(OneLine.short(key)): Aya hashes the address, the path, a header, a cookie or a query value; "
                        + "the address is written", at: directive.origin)
            }
        }
    }

    private mutating func setSticky(_ directive: NginxDirective, _ pool: inout PlannedPool) {
        switch directive.argument(0) {
        case "cookie":
            let expires = directive.arguments.first { $0.hasPrefix("expires=") }
            pool.persistence = .cookie(
                name: directive.argument(1) ?? "aya_session",
                maxAge: expires.flatMap { Times.nginx(String($0.dropFirst(8))) })
        case "learn":
            let lookup = directive.arguments.first { $0.hasPrefix("lookup=$cookie_") }
            if let lookup {
                pool.persistence = .follow(name: String(lookup.dropFirst(15)), ttl: nil)
            } else {
                findings.lost("\(directive.shown): Aya learns from cookies", at: directive.origin)
            }
        default:
            findings.lost(
                "\(directive.shown): persistence goes by cookie, address, header or query", at: directive.origin)
        }
    }

    private func retry(_ target: NginxTarget, _ pool: PlannedPool) -> PlannedPool.Retry {
        if target.nextUpstream.contains("off") { return .init(attempts: 1) }
        var retry = PlannedPool.Retry()
        for condition in target.nextUpstream {
            switch condition {
            case "error": retry.when += ["connect_failure", "reset"]
            case "timeout": retry.when.append("timeout")
            case "invalid_header": break
            case "http_500", "http_502", "http_503", "http_504": retry.when.append(String(condition.dropFirst(5)))
            default: break
            }
        }
        let servers = pool.servers.filter { $0.weight != 0 }.count
        retry.attempts = max(2, min(target.tries.flatMap { $0 > 0 ? $0 : nil } ?? servers, 10))
        if target.tries == 1 { retry.attempts = 1 }
        return retry
    }

    /// The options of `health_check`.
    private mutating func health(_ options: [String]) -> PlannedPool.Health {
        func value(_ name: String) -> String? {
            options.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
        }
        let isHTTP = value("type") == "http"
        var health = PlannedPool.Health(
            isHTTP
                ? .http(path: value("uri") ?? "/", method: nil, host: nil, status: [], body: nil)
                : .tcp(send: nil, expect: nil))
        health.interval = value("interval").flatMap(Times.nginx) ?? 5000
        health.rise = value("passes").flatMap { Int($0) } ?? 1
        health.fall = value("fails").flatMap { Int($0) } ?? 1
        health.port = value("port").flatMap { Int($0) }
        return health
    }
}
