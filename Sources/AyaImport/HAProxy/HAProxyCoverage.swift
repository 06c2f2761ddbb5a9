/// Finds keywords that nothing stands for, so that each is said.
struct HAProxyCoverage {
    let findings: Findings

    /// What the import reads, what Aya does by itself, and what is HAProxy's own affair.
    private static let proxy: Set<String> = [
        "acl", "backlog", "balance", "bind", "cookie", "default-server", "default_backend", "description", "disabled",
        "enabled", "hash-type", "http-check", "http-request", "id", "load-server-state-from-file", "log", "log-format",
        "log-format-sd", "log-tag", "max-keep-alive-queue", "maxconn", "mode", "monitor-uri", "no", "option",
        "redirect",
        "retries", "retry-on", "server", "server-template", "stats", "stick", "stick-table", "tcp-check", "tcp-request",
        "timeout", "unique-id-format", "unique-id-header", "use_backend", "use-server", "http-reuse", "guid",
        "fullconn",
        "error-log-format", "server-state-file-name", "bind-process", "capture", "email-alert", "clitcpka-idle",
    ]

    private static let options: Set<String> = [
        "forwardfor", "httplog", "tcplog", "dontlognull", "dontlog-normal", "http-server-close", "http-keep-alive",
        "httpclose", "http-pretend-keepalive", "http-use-proxy-header", "http-buffer-request", "abortonclose",
        "redispatch",
        "httpchk", "tcp-check", "ssl-hello-chk", "mysql-check", "pgsql-check", "redis-check", "smtpchk", "ldap-check",
        "external-check", "spop-check", "allbackups", "log-health-checks", "log-separate-errors", "logasap", "tcpka",
        "clitcpka", "srvtcpka", "tcp-smart-accept", "tcp-smart-connect", "splice-auto", "splice-request",
        "splice-response",
        "nolinger", "contstats", "prefer-last-server", "socket-stats", "checkcache", "idle-close-on-response",
        "disable-h2-upgrade", "http-no-delay", "http-ignore-probes", "accept-invalid-http-request",
        "accept-invalid-http-response", "h1-case-adjust-bogus-client", "h1-case-adjust-bogus-server", "http-use-htx",
        "independent-streams", "transparent",
    ]

    private static let timeouts: Set<String> = [
        "client", "server", "connect", "check", "queue", "http-request", "http-keep-alive", "client-fin", "server-fin",
        "tarpit", "client-hs", "server-hs",
    ]

    private static let advice: [String: String] = [
        "compression": "Aya does not compress; let the servers do it",
        "http-response": "Aya does not change answers",
        "http-after-response": "Aya does not change answers",
        "tcp-response": "Aya does not look into answers",
        "errorfile": "a pool's 'fallback: { respond: … }' answers while servers are gone",
        "errorfiles": "a pool's 'fallback: { respond: … }' answers while servers are gone",
        "errorloc": "a pool's 'fallback' answers while servers are gone",
        "errorloc302": "a pool's 'fallback' answers while servers are gone",
        "errorloc303": "a pool's 'fallback' answers while servers are gone",
        "http-error": "a pool's 'fallback: { respond: … }' answers while servers are gone",
        "filter": "Aya has no such filter",
        "source": "connections to servers come from the address that the system picks",
        "rate-limit": "Aya bounds connections, not their rate",
        "force-persist": "Aya has nothing for it",
        "ignore-persist": "Aya has nothing for it",
        "monitor": "Aya's /readyz on the admin listener tells whether it takes work",
        "declare": "Aya keeps no captures",
        "dispatch": "write a server",
    ]

    func check(_ section: HAProxySection) {
        switch section.kind {
        case .global: for line in section.lines { checkGlobal(line) }
        case .defaults, .frontend, .backend, .listen: for line in section.lines { checkProxy(line) }
        case .userlist, .peers, .resolvers, .cache, .program, .ring, .mailers, .httpErrors, .logForward, .fcgiApp: break
        }
    }

    private func checkProxy(_ line: HAProxyLine) {
        switch line.keyword {
        case "option":
            guard let name = line.argument(0) else { return }
            if name == "originalto" || name == "persist" || !Self.options.contains(name) {
                findings.lost("\(line.shown): Aya has nothing for it", at: line.origin)
            }
        case "timeout":
            guard let name = line.argument(0), !Self.timeouts.contains(name) else { return }
            findings.lost("\(line.shown): Aya's timeouts are those of listener and pool", at: line.origin)
        case "mode":
            if let mode = line.argument(0), mode != "http", mode != "tcp" {
                findings.lost("mode \(OneLine.short(mode)): Aya speaks http, tcp and udp", at: line.origin)
            }
        case "use-server":
            findings.lost("\(line.shown): a route's 'subset' picks servers by their labels", at: line.origin)
        case "unique-id-format", "unique-id-header":
            findings.differs(
                "\(line.keyword): Aya gives each request an id of its own in X-Request-Id", at: line.origin)
        default:
            if Self.proxy.contains(line.keyword) { return }
            findings.lost("\(line.shown): \(Self.advice[line.keyword] ?? "Aya has nothing for it")", at: line.origin)
        }
    }

    private func checkGlobal(_ line: HAProxyLine) {
        switch line.keyword {
        case "lua-load", "lua-load-per-thread", "lua-prepend-path":
            findings.lost("\(line.shown): Aya runs no Lua", at: line.origin)
        case "maxconn":
            findings.differs(
                "\(line.shown): Aya bounds the connections of each listener ('limits: { connections }')",
                at: line.origin)
        case "ssl-default-bind-ciphers", "ssl-default-bind-ciphersuites", "ssl-default-server-ciphers",
            "ssl-default-server-ciphersuites":
            findings.lost(
                "\(line.keyword): Aya's 'profile' (intermediate or modern, as Mozilla recommends) picks the ciphers",
                at: line.origin)
        case "maxconnrate", "maxsslconn", "maxsslrate", "maxsessrate", "maxcomprate":
            findings.lost("\(line.shown): Aya bounds connections, not their rate", at: line.origin)
        default: break
        }
    }
}
