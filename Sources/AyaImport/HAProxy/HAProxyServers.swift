/// The servers of a backend, and what they say that is the pool's in Aya.
struct HAProxyServers {
    private(set) var pool: PlannedPool
    private(set) var areChecked = false
    /// The parameters of the first checked server.
    private(set) var check: [String: String] = [:]
    private let findings: Findings

    /// Words with a value behind them.
    private static let valued: Set<String> = [
        "weight", "maxconn", "inter", "fastinter", "downinter", "rise", "fall", "port", "addr", "cookie", "sni",
        "verify",
        "ca-file", "crt", "slowstart", "maxqueue", "observe", "error-limit", "on-error", "on-marked-down",
        "on-marked-up",
        "resolvers", "init-addr", "resolve-prefer", "resolve-net", "resolve-opts", "track", "id", "minconn",
        "pool-max-conn", "pool-purge-delay", "pool-low-conn", "proto", "alpn", "check-sni", "check-proto", "check-alpn",
        "agent-port", "agent-inter", "agent-addr", "agent-send", "source", "ssl-min-ver", "ssl-max-ver", "ciphers",
        "ciphersuites", "verifyhost", "crl-file", "redir", "namespace", "tcp-ut", "max-reuse", "npn", "log-proto",
        "usesrc",
        "interface", "shard", "ws", "socks4", "set-proxy-v2-tlv-fmt",
    ]

    init(_ section: HAProxySection, _ findings: Findings, _ imports: HAProxyImport) {
        self.findings = findings
        pool = PlannedPool(name: section.name, origin: section.origin)
        var defaults: [String: String] = [:]
        for line in section.inherited + section.lines where line.keyword == "default-server" {
            defaults.merge(Self.options(line.arguments[...])) { $1 }
        }
        for line in section.lines where line.keyword == "server" || line.keyword == "server-template" {
            let isTemplate = line.keyword == "server-template"
            guard let address = line.argument(isTemplate ? 2 : 1) else { continue }
            let own = Self.options(line.arguments.dropFirst(isTemplate ? 3 : 2))
            let options = defaults.merging(own) { $1 }
            add(address, options, line, imports)
            if isTemplate {
                findings.differs(
                    "server-template: Aya asks for the addresses of '\(OneLine.short(address))' when it starts",
                    at: line.origin)
            }
        }
        settle(section)
    }

    /// `check inter 2s backup` as a dictionary; what has no value has an empty one.
    private static func options(_ words: ArraySlice<String>) -> [String: String] {
        var options: [String: String] = [:]
        var rest = words
        while let word = rest.popFirst() {
            if valued.contains(word) {
                options[word] = rest.popFirst() ?? ""
            } else if word.hasPrefix("no-") {
                options[String(word.dropFirst(3))] = nil
            } else {
                options[word] = ""
            }
        }
        return options
    }

    private mutating func add(
        _ address: String, _ options: [String: String], _ line: HAProxyLine, _ imports: HAProxyImport
    ) {
        var server = PlannedPool.Server(Self.address(address, isTLS: options["ssl"] != nil), origin: line.origin)
        server.weight = options["weight"].flatMap { Int($0) }
        if server.weight == 1 { server.weight = nil }
        server.maxConnections = options["maxconn"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        server.isBackup = options["backup"] != nil
        if options["disabled"] != nil { server.weight = 0 }
        if options["check"] != nil, !areChecked {
            areChecked = true
            check = options
        }
        if options["check"] == nil, areChecked, options["disabled"] == nil {
            findings.differs(
                "server without 'check' among checked ones: Aya probes all servers of a pool", at: line.origin)
        }
        if options["ssl"] != nil {
            var tls = PlannedPool.TLS()
            let ca = options["ca-file"]
            tls.verify =
                options["verify"] == "none"
                ? "insecure" : ca == nil || ca == "@system-ca" ? nil : ca.map { imports.path($0, base: "ca-base") }
            if let sni = options["sni"] {
                if sni.hasPrefix("str("), sni.hasSuffix(")") {
                    tls.sni = String(sni.dropFirst(4).dropLast())
                } else {
                    findings.lost("sni \(OneLine.short(sni)): Aya asks for one fixed name", at: line.origin)
                }
            }
            if tls.sni == nil, let host = options["verifyhost"] { tls.sni = host }
            if let crt = options["crt"] {
                let file = imports.path(crt, base: "crt-base")
                (tls.clientCert, tls.clientKey) = (file, file)
            }
            if let known = pool.tls, known != tls {
                findings.lost(
                    "TLS of this server differs from that of the first: it is the pool's in Aya", at: line.origin)
            } else {
                pool.tls = tls
            }
        }
        if options["proto"] == "h2" || options["alpn"]?.hasPrefix("h2") == true {
            pool.serverProtocol = options["proto"] == "h2" || options["ssl"] == nil ? "h2" : "auto"
        }
        if options["send-proxy"] != nil { pool.proxyProtocol = "v1" }
        if options["send-proxy-v2"] != nil || options["send-proxy-v2-ssl"] != nil { pool.proxyProtocol = "v2" }
        pool.slowStart = pool.slowStart ?? options["slowstart"].flatMap { Times.haproxy($0) }
        if let idle = options["pool-max-conn"].flatMap({ Int($0) }), idle >= 0 { pool.idleConnections = idle }
        if options["observe"] != nil {
            pool.outliers = .on(
                failures: options["error-limit"].flatMap { Int($0) } ?? 10, ejectFor: nil, maxEjected: nil,
                interval: nil)
        }
        for lost in ["track", "agent-check", "source", "redir", "minconn", "maxqueue", "on-marked-down", "socks4"]
        where options[lost] != nil {
            findings.lost("server … \(lost): Aya has nothing for it", at: line.origin)
        }
        pool.servers.append(server)
    }

    /// Weights of HAProxy go from 1 to 256 with 1 as the default; a pool that has none stated needs none.
    private mutating func settle(_ section: HAProxySection) {
        let weights = Set(pool.servers.map { $0.weight ?? 1 })
        if weights.count == 1 {
            for index in pool.servers.indices where pool.servers[index].weight != 0 { pool.servers[index].weight = nil }
        }
        let backups = pool.servers.filter(\.isBackup)
        if backups.count > 1, section.option("allbackups") == nil {
            findings.differs(
                "several backup servers: Aya uses all of them at once, HAProxy the first (no 'option allbackups')",
                at: backups[1].origin)
        }
    }

    private static func address(_ text: String, isTLS: Bool) -> String {
        for prefix in ["unix@", "abns@"] where text.hasPrefix(prefix) {
            return (prefix == "abns@" ? "unix:@" : "unix:") + text.dropFirst(5)
        }
        if text.hasPrefix("/") { return "unix:\(text)" }
        var address = text
        for prefix in ["ipv4@", "ipv6@"] where address.hasPrefix(prefix) { address = String(address.dropFirst(5)) }
        if address.hasPrefix("localhost:") { address = "127.0.0.1:" + address.dropFirst(10) }
        if address.hasPrefix("["), address.contains("]:") { return address }
        let colons = address.utf8.count { $0 == UInt8(ascii: ":") }
        if colons > 1, !address.hasPrefix("["), let colon = address.lastIndex(of: ":") {
            return "[\(address[..<colon])]\(address[colon...])"
        }
        return colons == 0 ? "\(address):\(isTLS ? 443 : 80)" : address
    }
}
