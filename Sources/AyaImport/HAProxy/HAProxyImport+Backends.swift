extension HAProxyImport {
    /// The pool of a backend or `listen`; nil when there is none of that name or when it has no servers.
    mutating func pool(_ backend: String, _ origin: Origin, isHTTP: Bool) -> String? {
        if let known = pools[backend] { return known }
        guard let section = backends[backend] else {
            findings.lost("there is no backend '\(OneLine.short(backend))'", at: origin)
            return nil
        }
        let servers = HAProxyServers(section, findings, self)
        guard !servers.pool.servers.isEmpty else {
            findings.lost("backend \(OneLine.short(backend)) has no server", at: section.origin)
            return nil
        }
        var pool = servers.pool
        pool.name = poolNames.unique(backend)
        setBalance(&pool, section)
        setTimeouts(&pool, section, isHTTP)
        setRetries(&pool, section)
        setPersistence(&pool, section, servers)
        if servers.areChecked { pool.health = HAProxyHealth.read(section, servers, findings) }
        if isHTTP { pool.proxyProtocol = nil }
        if isHTTP, let version = servers.pool.proxyProtocol {
            findings.lost(
                "send-proxy (\(version)): Aya sends the PROXY protocol from tcp listeners only", at: section.origin)
        }
        if !isHTTP { pool.serverProtocol = nil }
        pools[backend] = plan.addPool(pool)
        return pool.name
    }

    private func setBalance(_ pool: inout PlannedPool, _ section: HAProxySection) {
        let line = section.line("balance")
        let isWeighted = Set(pool.servers.map { $0.weight ?? 1 }.filter { $0 != 0 }).count > 1
        let isConsistent = section.line("hash-type")?.argument(0) == "consistent"
        let origin = line?.origin ?? section.origin
        let algorithm = line?.argument(0) ?? "roundrobin"
        switch algorithm {
        case "roundrobin", "static-rr": pool.balance = isWeighted ? "weighted_round_robin" : "round_robin"
        case "leastconn": pool.balance = isWeighted ? "weighted_least_connections" : "least_connections"
        case "source":
            pool.balance = isConsistent ? "consistent_hash" : "source_ip_hash"
            if isConsistent { pool.hash = .sourceIP }
        case "uri":
            (pool.balance, pool.hash) = ("consistent_hash", .path)
            if line?.words.contains("whole") == true || line?.words.contains("depth") == true {
                findings.differs("\(line?.shown ?? ""): Aya hashes the whole path, without the query", at: origin)
            }
        case "url_param":
            pool.balance = "consistent_hash"
            pool.hash = line?.argument(1).map { .query($0) }
        case "first":
            pool.balance = "least_connections"
            findings.lost(
                "balance first: servers are not filled one by one; 'priority' on servers comes near", at: origin)
        default:
            if algorithm.hasPrefix("hdr("), algorithm.hasSuffix(")") {
                let name = String(algorithm.dropFirst(4).dropLast())
                (pool.balance, pool.hash) = ("consistent_hash", .header(HAProxyText.split(name, at: ",").first ?? name))
            } else if algorithm.hasPrefix("random") {
                pool.balance = algorithm == "random(1)" ? "random" : "power_of_two"
            } else if algorithm == "hash" {
                setHash(&pool, line?.argument(1) ?? "", origin)
            } else {
                findings.lost(
                    "balance \(OneLine.short(algorithm)): Aya has no such balancer; its own default holds", at: origin)
            }
        }
    }

    private func setHash(_ pool: inout PlannedPool, _ text: String, _ origin: Origin) {
        let sample = HAProxyCriterion.Sample(text)
        pool.balance = "consistent_hash"
        switch (sample.name, sample.argument) {
        case ("src", _): pool.hash = .sourceIP
        case ("path", _), ("pathq", _): pool.hash = .path
        case ("hdr", let name?): pool.hash = .header(name)
        case ("cookie", let name?): pool.hash = .cookie(name)
        case ("url_param", let name?), ("urlp", let name?): pool.hash = .query(name)
        default: findings.lost("balance hash \(OneLine.short(text)): the client's address is hashed", at: origin)
        }
    }

    private func setTimeouts(_ pool: inout PlannedPool, _ section: HAProxySection, _ isHTTP: Bool) {
        pool.connectTimeout = section.timeout("connect")
        if isHTTP { pool.responseTimeout = section.timeout("server") }
        if let queue = section.timeout("queue") { pool.queue = (nil, queue) }
        if let most = section.line("fullconn") {
            findings.lost("\(most.shown): servers' bounds do not grow with the load", at: most.origin)
        }
    }

    private func setRetries(_ pool: inout PlannedPool, _ section: HAProxySection) {
        let retries = section.line("retries")?.argument(0).flatMap { Int($0) }
        let conditions = section.line("retry-on")
        guard retries != nil || conditions != nil else { return }
        var retry = PlannedPool.Retry()
        retry.attempts = retries.map { min(max($0, 0), 9) + 1 }
        for word in conditions?.arguments ?? [] {
            switch word {
            case "none": retry.attempts = 1
            case "conn-failure": retry.when.append("connect_failure")
            case "empty-response", "junk-response": if !retry.when.contains("reset") { retry.when.append("reset") }
            case "response-timeout": retry.when.append("timeout")
            case "all-retryable-errors":
                retry.when = ["connect_failure", "reset", "timeout", "500", "502", "503", "504"]
            case "500", "501", "502", "503", "504": retry.when.append(word)
            default: findings.lost("retry-on \(OneLine.short(word))", at: conditions?.origin ?? section.origin)
            }
        }
        pool.retry = retry
    }

    private func setPersistence(_ pool: inout PlannedPool, _ section: HAProxySection, _ servers: HAProxyServers) {
        if let line = section.line("cookie"), let name = line.argument(0), line.arguments.count > 1 {
            if line.words.contains("insert") {
                let life = line.value(after: "maxlife").flatMap { Times.haproxy($0, bare: 1000) }
                pool.persistence = .cookie(name: name, maxAge: nil)
                if life != nil || line.words.contains("maxidle") {
                    findings.differs(
                        "\(line.shown): the cookie ends with the browser in Aya, unless 'max_age' says otherwise",
                        at: line.origin)
                }
                findings.differs(
                    "cookie \(OneLine.short(name)): Aya signs its cookie, so clients get a new one once",
                    at: line.origin)
            } else {
                pool.persistence = .follow(name: name, ttl: nil)
                findings.differs(
                    "\(line.shown): Aya leaves the cookie as it is and remembers which server set it", at: line.origin)
            }
            return
        }
        guard
            let stick = section.lines.first(where: {
                $0.keyword == "stick" && ["on", "match"].contains($0.argument(0) ?? "")
            }),
            let key = stick.argument(1)
        else { return }
        let table = section.line("stick-table")
        let ttl = table?.value(after: "expire").flatMap { Times.haproxy($0) }
        let entries = table?.value(after: "size").flatMap { Sizes.binary($0) }.map { Int($0) }
        let sample = HAProxyCriterion.Sample(key)
        switch (sample.name, sample.argument) {
        case ("src", _): pool.persistence = .sourceIP(ttl: ttl, entries: entries)
        case ("cookie", let name?): pool.persistence = .follow(name: name, ttl: ttl)
        case ("hdr", let name?): pool.persistence = .header(name, ttl: ttl)
        case ("url_param", let name?), ("urlp", let name?): pool.persistence = .query(name, ttl: ttl)
        default: findings.lost("\(stick.shown): persistence goes by address, cookie, header or query", at: stick.origin)
        }
    }
}
