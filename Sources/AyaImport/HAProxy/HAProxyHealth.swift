/// How HAProxy asks whether a backend's servers are well.
enum HAProxyHealth {
    static func read(_ section: HAProxySection, _ servers: HAProxyServers, _ findings: Findings) -> PlannedPool.Health {
        let check = servers.check
        var health = PlannedPool.Health(kind(section, findings))
        if let line = section.option("httpchk") { addHeaders(&health, section, line) }
        health.interval = check["inter"].flatMap { Times.haproxy($0) }
        health.fastInterval = (check["fastinter"] ?? check["downinter"]).flatMap { Times.haproxy($0) }
        health.rise = check["rise"].flatMap { Int($0) }
        health.fall = check["fall"].flatMap { Int($0) }
        health.port = check["port"].flatMap { Int($0) }
        health.timeout = section.timeout("check")
        if check["addr"] != nil {
            findings.lost("server … addr: Aya probes the address of the server itself", at: servers.pool.origin)
        }
        return health
    }

    private static func kind(_ section: HAProxySection, _ findings: Findings) -> PlannedPool.Health.Check {
        if let line = section.option("httpchk") { return http(line, section, findings) }
        if section.option("redis-check") != nil { return .tcp(send: "PING\r\n", expect: "+PONG") }
        if section.option("tcp-check") != nil { return tcp(section, findings) }
        for name in [
            "mysql-check", "pgsql-check", "smtpchk", "ldap-check", "ssl-hello-chk", "external-check", "spop-check",
        ] {
            guard let line = section.option(name) else { continue }
            findings.differs(
                "option \(name): Aya asks whether a connection opens; 'tcp: { send, expect }' or 'command' can ask for more",
                at: line.origin)
        }
        return .tcp(send: nil, expect: nil)
    }

    private static func http(
        _ line: HAProxyLine, _ section: HAProxySection, _ findings: Findings
    ) -> PlannedPool.Health.Check {
        // `option httpchk [method] [uri] [version]`
        let words = Array(line.arguments.dropFirst())
        var method = "OPTIONS"
        var path = "/"
        if words.count == 1 {
            path = words[0]
        } else if words.count > 1 {
            (method, path) = (words[0], words[1])
        }
        var status: [String] = []
        var body: String?
        for check in section.all("http-check") {
            switch check.argument(0) {
            case "send":
                method = check.value(after: "meth") ?? method
                path = check.value(after: "uri") ?? path
            case "expect":
                var words = Array(check.arguments.dropFirst())
                words.removeAll { ["min-recv", "comment"].contains($0) }
                guard let kind = words.first, words.count > 1 else { continue }
                switch kind {
                case "status":
                    status = words[1].split(separator: ",").map(String.init)
                case "rstatus":
                    let digits = words[1].drop { $0 == "^" || $0 == "(" }
                    if let class_ = digits.first, "2345".contains(class_), words[1].utf8.count <= 6 {
                        status = ["\(class_)00-\(class_)99"]
                    } else {
                        findings.lost("\(check.shown): name the statuses", at: check.origin)
                    }
                case "string": body = words[1]
                default: findings.lost("\(check.shown): a check looks for statuses and for a text", at: check.origin)
                }
            case "connect", "comment": break
            default: findings.lost("\(check.shown): Aya sends one request and looks at its answer", at: check.origin)
            }
        }
        return .http(path: path, method: method, host: nil, status: status, body: body)
    }

    /// `http-check send hdr Host x`, and `Host` behind the version in the old spelling.
    private static func addHeaders(_ health: inout PlannedPool.Health, _ section: HAProxySection, _ line: HAProxyLine) {
        var fields: [(name: String, value: String)] = []
        for check in section.all("http-check") where check.argument(0) == "send" {
            for (index, word) in check.words.enumerated() where word == "hdr" && check.words.indices.contains(index + 2)
            {
                fields.append((check.words[index + 1], check.words[index + 2]))
            }
        }
        if let version = line.words.last, let host = version.firstRange(of: "Host: ") {
            fields.append(("Host", String(version[host.upperBound...])))
        }
        guard case .http(let path, let method, _, let status, let body) = health.check else { return }
        let host = fields.first { $0.name.lowercased() == "host" }?.value
        health.check = .http(path: path, method: method, host: host, status: status, body: body)
        health.headers = fields.filter { $0.name.lowercased() != "host" }
    }

    private static func tcp(_ section: HAProxySection, _ findings: Findings) -> PlannedPool.Health.Check {
        var send: String?
        var expect: String?
        for line in section.all("tcp-check") {
            switch line.argument(0) {
            case "connect", "comment": break
            case "send" where send == nil: send = line.argument(1)
            case "expect" where expect == nil && line.argument(1) == "string": expect = line.argument(2)
            default: findings.lost("\(line.shown): Aya sends one text and looks for one", at: line.origin)
            }
        }
        return .tcp(send: send, expect: expect)
    }
}
