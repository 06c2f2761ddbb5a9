extension CaddyImport {
    /// The pool of a `reverse_proxy`; directives that say the same share it.
    mutating func pool(_ directive: CaddyDirective, _ arguments: [String]) -> String? {
        let addresses = arguments + directive.all("to").flatMap(\.arguments)
        let key = Self.key(directive.block) + "|" + addresses.joined(separator: " ")
        if let known = pools[key] { return known }
        var pool = PlannedPool(name: "", origin: directive.origin)
        for address in addresses { addServer(address, directive, &pool) }
        if let dynamic = directive.first("dynamic") {
            findings.lost("\(dynamic.shown): name the servers", at: dynamic.origin)
        }
        guard let first = pool.servers.first else {
            findings.lost("\(directive.shown): no server is fixed; write a pool", at: directive.origin)
            return nil
        }
        pool.balance = "random"
        if pool.servers.count == 1 { pool.balance = nil }
        for line in directive.block { read(line, &pool) }
        // Caddy waits without end.
        pool.responseTimeout = pool.responseTimeout ?? Times.longest
        pool.name = poolNames.unique(NginxImport.nickname(first.address))
        pools[key] = plan.addPool(pool)
        return pool.name
    }

    private static func key(_ block: [CaddyDirective]) -> String {
        block.map { "\($0.name) \($0.arguments.joined(separator: " ")) {\(key($0.block))}" }.joined(separator: ";")
    }

    private mutating func addServer(_ text: String, _ directive: CaddyDirective, _ pool: inout PlannedPool) {
        var address = text
        if address.hasPrefix("https://") {
            address = String(address.dropFirst(8))
            pool.tls = pool.tls ?? .init()
            if !address.contains(":") { address += ":443" }
        } else if address.hasPrefix("http://") {
            address = String(address.dropFirst(7))
        } else if address.hasPrefix("h2c://") {
            address = String(address.dropFirst(6))
            pool.serverProtocol = "h2"
        }
        if address.hasPrefix("unix/") || address.hasPrefix("unix+h2c/") {
            if address.hasPrefix("unix+h2c/") { pool.serverProtocol = "h2" }
            let path = address.drop { $0 != "/" }.dropFirst()
            pool.servers.append(.init("unix:\(path)", origin: directive.origin))
            return
        }
        if address.contains("{") {
            findings.lost("\(OneLine.short(text)): servers are fixed in Aya", at: directive.origin)
            return
        }
        if let slash = address.firstIndex(of: "/") {
            findings.lost("\(OneLine.short(text)): a server has no path", at: directive.origin)
            address = String(address[..<slash])
        }
        if address.hasPrefix(":") { address = "127.0.0.1" + address }
        if address.hasPrefix("localhost:") { address = "127.0.0.1" + address.dropFirst(9) }
        guard let colon = address.lastIndex(of: ":"), !address.hasSuffix("]") else {
            pool.servers.append(.init("\(address):80", origin: directive.origin))
            return
        }
        let ports = address[address.index(after: colon)...].split(separator: "-").compactMap { Int($0) }
        if ports.count == 2, ports[0] <= ports[1], ports[1] - ports[0] < 256 {
            for port in ports[0]...ports[1] {
                pool.servers.append(.init("\(address[..<colon]):\(port)", origin: directive.origin))
            }
        } else {
            pool.servers.append(.init(address, origin: directive.origin))
        }
    }

    private mutating func read(_ line: CaddyDirective, _ pool: inout PlannedPool) {
        let value = line.argument(0)
        switch line.name {
        case "to", "dynamic", "flush_interval", "stream_timeout", "stream_close_delay", "buffer_requests",
            "buffer_responses",
            "request_buffers", "response_buffers", "max_buffer_size", "trusted_proxies", "lb_try_interval",
            "verbose_logs":
            break
        case "lb_policy": setPolicy(line, &pool)
        case "lb_retries":
            var retry = pool.retry ?? .init()
            retry.attempts = value.flatMap { Int($0) }.map { min(max($0, 0), 9) + 1 }
            pool.retry = retry
        case "lb_try_duration":
            if pool.retry?.attempts == nil { pool.retry = .init(attempts: min(max(pool.servers.count, 2), 10)) }
            if let time = value.flatMap(Times.go) { pool.queue = (nil, max(time, 1)) }
        case "health_uri", "health_path", "health_port", "health_interval", "health_timeout", "health_status",
            "health_body",
            "health_passes", "health_fails", "health_headers", "health_method", "health_follow_redirects":
            setHealth(line, &pool)
        case "fail_duration", "max_fails":
            var (failures, duration): (Int?, Int64?) = (nil, nil)
            if case .on(let known, let time, _, _) = pool.outliers { (failures, duration) = (known, time) }
            if line.name == "max_fails" {
                failures = value.flatMap { Int($0) }
            } else {
                duration = value.flatMap(Times.go)
            }
            pool.outliers = .on(failures: failures ?? 1, ejectFor: duration, maxEjected: nil, interval: nil)
        case "unhealthy_request_count":
            let count = value.flatMap { Int($0) }
            for index in pool.servers.indices { pool.servers[index].maxConnections = count }
        case "transport": setTransport(line, &pool)
        case "header_up":
            let own = ["host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"]
            let name = value?.lowercased() ?? ""
            if own.contains(name), line.argument(1)?.hasPrefix("{") == true {
                if name == "x-real-ip" {
                    findings.differs(
                        "header_up X-Real-IP: servers find the client's address in X-Forwarded-For", at: line.origin)
                } else if name == "host", line.argument(1) != "{host}" {
                    findings.lost("\(line.shown): Aya sends the client's Host", at: line.origin)
                }
            } else {
                findings.lost("\(line.shown): Aya sets no such header for servers", at: line.origin)
            }
        case "header_down": findings.lost("\(line.shown): Aya adds no headers to answers", at: line.origin)
        case "rewrite", "method", "handle_response", "replace_status", "copy_response", "@error":
            findings.lost("\(line.shown): Aya passes requests and answers on as they come", at: line.origin)
        default: findings.lost("\(line.shown): Aya has nothing for it", at: line.origin)
        }
    }

    private func setPolicy(_ line: CaddyDirective, _ pool: inout PlannedPool) {
        let argument = line.argument(1)
        switch line.argument(0) {
        case "random": pool.balance = "random"
        case "random_choose": pool.balance = "power_of_two"
        case "round_robin": pool.balance = "round_robin"
        case "weighted_round_robin":
            pool.balance = "weighted_round_robin"
            for (index, weight) in line.arguments.dropFirst().enumerated() where pool.servers.indices.contains(index) {
                pool.servers[index].weight = Int(weight)
            }
        case "least_conn": pool.balance = "least_connections"
        case "ip_hash", "client_ip_hash": pool.balance = "source_ip_hash"
        case "uri_hash": (pool.balance, pool.hash) = ("consistent_hash", .path)
        case "header": (pool.balance, pool.hash) = ("consistent_hash", argument.map { .header($0) })
        case "query": (pool.balance, pool.hash) = ("consistent_hash", argument.map { .query($0) })
        case "cookie":
            pool.persistence = .cookie(name: argument ?? "lb", maxAge: nil)
            findings.differs("lb_policy cookie: Aya signs its cookie, so clients get a new one once", at: line.origin)
        case "first":
            // Those before it take everything while one of them can.
            pool.balance = "round_robin"
            for index in pool.servers.indices { pool.servers[index].priority = index == 0 ? nil : min(index, 100) }
        default: findings.lost("\(line.shown): Aya has no such balancer", at: line.origin)
        }
    }

    private func setHealth(_ line: CaddyDirective, _ pool: inout PlannedPool) {
        var health = pool.health ?? .init(.http(path: "/", method: nil, host: nil, status: ["200-299"], body: nil))
        if pool.health == nil { health.interval = 30_000 }
        guard case .http(var path, var method, let host, var status, var body) = health.check,
            let value = line.argument(0) ?? line.block.first?.name
        else { return }
        switch line.name {
        case "health_uri", "health_path": path = value
        case "health_method": method = value
        case "health_status": status = value.hasSuffix("xx") ? ["\(value.prefix(1))00-\(value.prefix(1))99"] : [value]
        case "health_body":
            body = value
            findings.differs("health_body: Aya looks for the text itself, not for an expression", at: line.origin)
        case "health_port": health.port = Int(value)
        case "health_interval": health.interval = Times.go(value)
        case "health_timeout": health.timeout = Times.go(value)
        case "health_passes": health.rise = Int(value)
        case "health_fails": health.fall = Int(value)
        case "health_headers":
            health.headers = line.block.compactMap { field in field.argument(0).map { (field.name, $0) } }
        default: break
        }
        health.check = .http(path: path, method: method, host: host, status: status, body: body)
        pool.health = health
    }

    private func setTransport(_ line: CaddyDirective, _ pool: inout PlannedPool) {
        guard line.argument(0) == "http" else {
            findings.lost("\(line.shown): Aya speaks HTTP to servers", at: line.origin)
            return
        }
        for option in line.block {
            let value = option.argument(0)
            var tls = pool.tls ?? .init()
            switch option.name {
            case "tls": pool.tls = tls
            case "tls_insecure_skip_verify":
                tls.verify = "insecure"
                pool.tls = tls
            case "tls_server_name":
                tls.sni = value
                pool.tls = tls
            case "tls_trusted_ca_certs":
                tls.verify = value
                pool.tls = tls
            case "tls_trust_pool":
                if value == "file" { tls.verify = option.argument(1) }
                pool.tls = tls
            case "tls_client_auth":
                (tls.clientCert, tls.clientKey) = (value, option.argument(1))
                pool.tls = tls
            case "dial_timeout": pool.connectTimeout = value.flatMap(Times.go)
            case "response_header_timeout", "read_timeout": pool.responseTimeout = value.flatMap(Times.go)
            case "keepalive": pool.idleTimeout = value.flatMap(Times.go)
            case "keepalive_idle_conns_per_host": pool.idleConnections = value.flatMap { Int($0) }
            case "max_conns_per_host":
                for index in pool.servers.indices { pool.servers[index].maxConnections = value.flatMap { Int($0) } }
            case "versions":
                if option.arguments.contains("h2c") || option.arguments == ["2"] { pool.serverProtocol = "h2" }
            case "write_timeout", "keepalive_interval", "keepalive_idle_conns", "read_buffer", "write_buffer",
                "compression",
                "max_response_header", "dial_fallback_delay", "tls_timeout", "expect_continue_timeout",
                "tls_renegotiation",
                "resolvers", "local_address":
                break
            default: findings.lost("\(option.shown): Aya has nothing for it", at: option.origin)
            }
        }
    }
}
