extension TraefikImport {
    /// The pools of a service, with their weights.
    mutating func shares(
        of service: String, _ origin: Origin, _ mirror: inout (pool: String, share: Double)?, depth: Int = 0
    ) -> [PlannedRoute.Share] {
        let name = service.split(separator: "@").first.map(String.init) ?? service
        if let known = pools[name] { return known }
        guard depth < 8, let value = all("http", "services").last(where: { $0.key == name })?.value else {
            findings.lost("there is no service '\(OneLine.short(service))' in these files", at: origin)
            return []
        }
        var result: [PlannedRoute.Share] = []
        if let balancer = value["loadBalancer"] {
            guard let pool = pool(name, balancer, value.origin, urlKey: "url") else { return [] }
            result = [.init(pool: pool, weight: 1)]
        } else if let weighted = value["weighted"] {
            for entry in weighted["services"]?.list ?? [] {
                guard let inner = entry["name"]?.text else { continue }
                let weight = max(entry["weight"]?.integer ?? 1, 0)
                let shares = shares(of: inner, entry.origin, &mirror, depth: depth + 1)
                if shares.count > 1 {
                    findings.lost("weighted services in weighted services: write one split", at: entry.origin)
                }
                if let first = shares.first { result.append(.init(pool: first.pool, weight: weight)) }
            }
            if weighted["sticky"] != nil {
                findings.lost(
                    "weighted.sticky: give the pools 'persistence'; the split itself is by request", at: weighted.origin
                )
            }
        } else if let mirroring = value["mirroring"] {
            guard let main = mirroring["service"]?.text else { return [] }
            result = shares(of: main, mirroring.origin, &mirror, depth: depth + 1)
            for (index, entry) in (mirroring["mirrors"]?.list ?? []).enumerated() {
                guard let inner = entry["name"]?.text else { continue }
                if index > 0 {
                    findings.lost("a second mirror: a route has one", at: entry.origin)
                    continue
                }
                var nested: (pool: String, share: Double)?
                if let pool = shares(of: inner, entry.origin, &nested, depth: depth + 1).first?.pool {
                    mirror = (pool, Double(min(max(entry["percent"]?.integer ?? 0, 0), 100)) / 100)
                }
            }
            return result
        } else if let failover = value["failover"] {
            guard let main = failover["service"]?.text else { return [] }
            result = shares(of: main, failover.origin, &mirror, depth: depth + 1)
            if let spare = failover["fallback"]?.text, let first = result.first,
                let pool = shares(of: spare, failover.origin, &mirror, depth: depth + 1).first?.pool,
                pool != first.pool,
                let index = plan.pools.firstIndex(where: { $0.name == first.pool })
            {
                plan.pools[index].fallbackPool = pool
            }
        }
        pools[name] = result
        return result
    }

    /// A `loadBalancer` of HTTP, TCP or UDP.
    mutating func pool(_ name: String, _ balancer: ForeignValue, _ origin: Origin, urlKey: String) -> String? {
        var pool = PlannedPool(name: "", origin: origin)
        for entry in balancer["servers"]?.list ?? [] {
            guard var address = entry[urlKey]?.text ?? entry["address"]?.text ?? entry.text else { continue }
            var isTLS = false
            for (scheme, secure) in [("https://", true), ("http://", false), ("h2c://", false)]
            where address.hasPrefix(scheme) {
                if scheme == "h2c://" { pool.serverProtocol = "h2" }
                address = String(address.dropFirst(scheme.utf8.count))
                isTLS = secure
            }
            if let slash = address.firstIndex(of: "/") {
                if address[slash...] != "/" {
                    findings.lost("\(OneLine.short(address)): a server has no path", at: entry.origin)
                }
                address = String(address[..<slash])
            }
            if isTLS { pool.tls = pool.tls ?? .init() }
            var server = PlannedPool.Server(NginxURL.address(address, isTLS: isTLS), origin: entry.origin)
            server.weight = entry["weight"]?.integer
            pool.servers.append(server)
        }
        guard !pool.servers.isEmpty else {
            findings.lost("service \(OneLine.short(name)) has no servers", at: origin)
            return nil
        }
        pool.name = poolNames.unique(name)
        let isWeighted = Set(pool.servers.map { $0.weight ?? 1 }).count > 1
        switch balancer["strategy"]?.text {
        case nil, "wrr": pool.balance = isWeighted ? "weighted_round_robin" : "round_robin"
        case "p2c": pool.balance = "power_of_two"
        case "hrw": (pool.balance, pool.hash) = ("consistent_hash", .sourceIP)
        case "leasttime": pool.balance = "least_response_time"
        case let other?:
            findings.lost("strategy \(OneLine.short(other)): Aya has no such balancer", at: balancer.origin)
        }
        if let sticky = balancer["sticky", "cookie"] {
            let age = sticky["maxAge"]?.integer.flatMap { $0 > 0 ? Int64(min($0, 1_000_000_000)) * 1000 : nil }
            pool.persistence = .cookie(name: sticky["name"]?.text ?? "aya_session", maxAge: age)
            findings.differs("sticky: Aya signs its cookie, so clients get a new one once", at: sticky.origin)
        }
        if let check = balancer["healthCheck"] { pool.health = health(check) }
        if balancer["passHostHeader"]?.text == "false" {
            findings.lost(
                "passHostHeader: false: Aya sends the client's Host", at: balancer.origin(of: "passHostHeader"))
        }
        if let version = balancer["proxyProtocol"] {
            pool.proxyProtocol = version["version"]?.text == "1" ? "v1" : "v2"
        }
        if let transport = balancer["serversTransport"]?.text { setTransport(transport, &pool, balancer) }
        for (key, value) in balancer.entries
        where ![
            "servers", "strategy", "sticky", "healthCheck", "passHostHeader", "serversTransport", "proxyProtocol",
            "responseForwarding", "terminationDelay",
        ].contains(key) {
            findings.lost("loadBalancer.\(OneLine.short(key)): Aya has nothing for it", at: value.origin)
        }
        // Traefik waits without end.
        if urlKey == "url" { pool.responseTimeout = pool.responseTimeout ?? Times.longest }
        return plan.addPool(pool)
    }

    private func health(_ check: ForeignValue) -> PlannedPool.Health {
        var status = check["status"]?.text.map { [$0] } ?? []
        if status == ["0"] { status = [] }
        var health = PlannedPool.Health(
            check["mode"]?.text == "grpc"
                ? .grpc(service: nil)
                : .http(
                    path: check["path"]?.text ?? "/", method: check["method"]?.text, host: check["hostname"]?.text,
                    status: status, body: nil))
        health.interval = check["interval"]?.text.flatMap(Times.go) ?? 30_000
        health.timeout = check["timeout"]?.text.flatMap(Times.go) ?? 5000
        health.port = check["port"]?.integer
        health.headers =
            check["headers"]?.entries.compactMap { entry in entry.value.text.map { (entry.key, $0) } } ?? []
        return health
    }

    private func setTransport(_ name: String, _ pool: inout PlannedPool, _ balancer: ForeignValue) {
        let bare = name.split(separator: "@").first.map(String.init) ?? name
        guard let transport = all("http", "serversTransports").last(where: { $0.key == bare })?.value else {
            findings.lost("there is no serversTransport '\(OneLine.short(name))' in these files", at: balancer.origin)
            return
        }
        if pool.tls != nil || transport["serverName"] != nil {
            var tls = pool.tls ?? .init()
            if transport["insecureSkipVerify"]?.isTrue == true { tls.verify = "insecure" }
            if let ca = transport["rootCAs"]?.texts.first { tls.verify = ca }
            tls.sni = transport["serverName"]?.text
            if let pair = transport["certificates"]?.list.first {
                (tls.clientCert, tls.clientKey) = (pair["certFile"]?.text, pair["keyFile"]?.text)
            }
            pool.tls = tls
        }
        pool.idleConnections = transport["maxIdleConnsPerHost"]?.integer.flatMap { $0 >= 0 ? $0 : nil }
        let timeouts = transport["forwardingTimeouts"]
        pool.connectTimeout = timeouts?["dialTimeout"]?.text.flatMap(Times.go)
        pool.responseTimeout = timeouts?["responseHeaderTimeout"]?.text.flatMap(Times.go).flatMap { $0 > 0 ? $0 : nil }
        pool.idleTimeout = timeouts?["idleConnTimeout"]?.text.flatMap(Times.go)
    }

    // MARK: Layer 4

    mutating func readTCP() {
        var found: [String: (pool: String?, sni: [PlannedListener.SNIRule])] = [:]
        for (name, router) in all("tcp", "routers") {
            guard let rule = router["rule"]?.text, let service = router["service"]?.text else { continue }
            let read = TraefikRule(rule, findings, router.origin(of: "rule"))
            if let reason = read.unsayable {
                findings.lost(
                    "router \(OneLine.short(name)): Aya's tcp listeners go by the name in the ClientHello, not by \(reason)",
                    at: router.origin)
                continue
            }
            if router["middlewares"] != nil {
                findings.lost(
                    "middlewares of a tcp router: Aya has no lists of clients; the router is left out",
                    at: router.origin)
                continue
            }
            guard let pool = layer4(service, "tcp", router.origin) else { continue }
            for point in router["entryPoints"]?.texts ?? Array(entryPoints.keys.sorted().prefix(1)) {
                guard let listener = entryPoints[point] else { continue }
                var entry = found[listener] ?? (nil, [])
                for host in read.names {
                    if host == "*" {
                        entry.pool = entry.pool ?? pool
                    } else if !entry.sni.contains(where: { $0.host == host }) {
                        entry.sni.append(.init(host: host, pool: pool))
                    }
                }
                found[listener] = entry
                if let tls = router["tls"], tls["passthrough"]?.isTrue != true,
                    let index = plan.listeners.firstIndex(where: { $0.name == listener })
                {
                    setTLS(&plan.listeners[index], tls, tls.origin)
                }
            }
        }
        for (listener, entry) in found {
            guard let index = plan.listeners.firstIndex(where: { $0.name == listener }) else { continue }
            if plan.routes.contains(where: { $0.listeners.contains(listener) }) {
                findings.lost(
                    "entry point '\(listener)' has http and tcp routers: one listener speaks one of them",
                    at: plan.listeners[index].origin)
                continue
            }
            plan.listeners[index].kind = .tcp(pool: entry.pool, sni: entry.sni)
        }
    }

    mutating func readUDP() {
        for (_, router) in all("udp", "routers") {
            guard let service = router["service"]?.text, let pool = layer4(service, "udp", router.origin) else {
                continue
            }
            for point in router["entryPoints"]?.texts ?? [] {
                guard let index = plan.listeners.firstIndex(where: { $0.name == entryPoints[point] }) else { continue }
                plan.listeners[index].kind = .udp(pool: pool)
                plan.listeners[index].trustedProxies = []
            }
        }
        for index in plan.listeners.indices where plan.listeners[index].kind != .http {
            plan.listeners[index].bodyTimeout = nil
            // Sessions have no bound in Traefik.
            plan.listeners[index].idleTimeout = udpTimeouts[plan.listeners[index].name] ?? Times.longest
        }
    }

    private mutating func layer4(_ service: String, _ kind: String, _ origin: Origin) -> String? {
        let name = service.split(separator: "@").first.map(String.init) ?? service
        if let known = pools["\(kind):\(name)"]?.first { return known.pool }
        guard let value = all(kind, "services").last(where: { $0.key == name })?.value,
            let balancer = value["loadBalancer"]
        else {
            findings.lost(
                "service \(OneLine.short(service)): only a loadBalancer can be a pool of a \(kind) listener", at: origin
            )
            return nil
        }
        guard let pool = pool(name, balancer, value.origin, urlKey: "address") else { return nil }
        pools["\(kind):\(name)"] = [.init(pool: pool, weight: 1)]
        return pool
    }
}
