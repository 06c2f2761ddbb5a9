extension HAProxyImport {
    mutating func readFrontend(_ section: HAProxySection) {
        if isStatistics(section) { return }
        let isHTTP = section.isHTTP
        let first = plan.listeners.count
        let bounds = Bounds(section)
        let binds = section.lines.filter { $0.keyword == "bind" }
        let listeners = binds.flatMap { self.listeners($0, bounds, isHTTP) }
        guard !listeners.isEmpty else { return }
        if isHTTP {
            readRules(section, Set(listeners))
        } else {
            readSessions(section, first..<plan.listeners.count)
        }
    }

    /// `stats enable` without servers is what the admin listener is for.
    private mutating func isStatistics(_ section: HAProxySection) -> Bool {
        let statistics = section.lines.first { $0.keyword == "stats" }
        let exporter = section.lines.first { $0.words.contains("prometheus-exporter") }
        guard let line = statistics ?? exporter else { return false }
        let hasServers = section.lines.contains { ["server", "default_backend", "use_backend"].contains($0.keyword) }
        if hasServers {
            findings.lost("\(line.shown): see 'admin' for status and metrics", at: line.origin)
            return false
        }
        let bind = section.lines.first { $0.keyword == "bind" }?.argument(0) ?? ":9900"
        let port = bind.split(separator: ":").last.map(String.init) ?? "9900"
        if plan.admin == nil { plan.admin = ("127.0.0.1:\(port)", section.origin) }
        findings.differs(
            "\(line.keyword) on \(OneLine.short(bind)): Aya's admin API can change things, so it listens on this machine alone",
            at: section.origin)
        return true
    }

    // MARK: Addresses

    /// `bind :80,:::80 ssl crt x.pem`: one listener for each address.
    private mutating func listeners(_ line: HAProxyLine, _ bounds: Bounds, _ isHTTP: Bool) -> [String] {
        guard let addresses = line.argument(0) else { return [] }
        var names: [String] = []
        for address in addresses.split(separator: ",").prefix(64) {
            for bind in Self.binds(String(address), line) {
                let isTLS = line.words.contains("ssl")
                let port = bind.split(separator: ":").last.map(String.init) ?? ""
                let usual = isHTTP ? (isTLS ? "443" : "80") : ""
                let base = isHTTP ? (isTLS ? "https" : "http") : "tcp"
                let isUnix = bind.hasPrefix("unix:")
                let name = listenerNames.unique(port == usual ? base : isUnix ? "\(base)-unix" : "\(base)-\(port)")
                var listener = PlannedListener(name: name, bind: bind, origin: line.origin)
                if !isHTTP { listener.kind = .tcp(pool: nil, sni: []) }
                bounds.apply(to: &listener, line, isHTTP)
                if isTLS { setTLS(&listener, line) }
                plan.listeners.append(listener)
                names.append(name)
            }
        }
        return names
    }

    private static func binds(_ address: String, _ line: HAProxyLine) -> [String] {
        for prefix in ["unix@", "abns@"] where address.hasPrefix(prefix) {
            return [(prefix == "abns@" ? "unix:@" : "unix:") + address.dropFirst(prefix.utf8.count)]
        }
        if address.hasPrefix("/") { return ["unix:\(address)"] }
        var text = address
        for prefix in ["ipv4@", "ipv6@"] where text.hasPrefix(prefix) { text = String(text.dropFirst(5)) }
        guard let colon = text.lastIndex(of: ":") else { return [text] }
        let host = String(text[..<colon])
        let ports = text[text.index(after: colon)...].split(separator: "-").compactMap { Int($0) }
        guard let first = ports.first, let last = ports.last, first <= last, last - first < 64 else { return [text] }
        let shown: String
        switch host {
        case "", "*": shown = "0.0.0.0"
        case "::", "[::]": shown = line.words.contains("v6only") ? "[::]" : ""
        case "localhost": shown = "127.0.0.1"
        default: shown = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        }
        return (first...last).map { "\(shown):\($0)" }
    }

    /// What a section says for all of its addresses.
    private struct Bounds {
        private let client: Int64?
        private let request: Int64?
        private let keepAlive: Int64?
        private let connections: String?

        init(_ section: HAProxySection) {
            client = section.timeout("client")
            request = section.timeout("http-request")
            keepAlive = section.timeout("http-keep-alive", "http-request")
            connections = section.line("maxconn")?.argument(0)
        }

        func apply(to listener: inout PlannedListener, _ line: HAProxyLine, _ isHTTP: Bool) {
            if isHTTP {
                listener.headerTimeout = request ?? client
                listener.bodyTimeout = client
                listener.idleTimeout = keepAlive ?? client
            } else {
                listener.idleTimeout = client
            }
            let most = line.value(after: "maxconn") ?? connections
            listener.connections = most.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            listener.proxyProtocol = line.words.contains("accept-proxy")
        }
    }

    private func setTLS(_ listener: inout PlannedListener, _ line: HAProxyLine) {
        var certificates: [PlannedListener.Certificate] = []
        for (index, word) in line.words.enumerated() where word == "crt" && line.words.indices.contains(index + 1) {
            let file = path(line.words[index + 1], base: "crt-base")
            if file.hasSuffix("/") || !Importer.baseName(file).contains(".") {
                findings.lost("crt \(OneLine.short(file)) is a directory: name each certificate of it", at: line.origin)
            } else {
                certificates.append(.init(cert: file, key: file))
            }
        }
        if let list = line.value(after: "crt-list") {
            findings.lost("crt-list \(OneLine.short(list)): name each certificate of it", at: line.origin)
        }
        if certificates.isEmpty {
            findings.lost("no certificate could be carried over: the listener gets one of its own", at: line.origin)
            listener.tls = .local
        } else {
            listener.tls = .files(certificates)
        }
        let oldest =
            line.value(after: "ssl-min-ver")
            ?? global.lines.first { $0.keyword == "ssl-default-bind-options" }?.value(after: "ssl-min-ver")
        switch oldest {
        case "TLSv1.3": listener.minVersion = "1.3"
        case nil, "TLSv1.2": break
        case let version?:
            findings.differs("ssl-min-ver \(OneLine.short(version)): Aya speaks TLS 1.2 and 1.3 only", at: line.origin)
        }
        if let ca = line.value(after: "ca-file") {
            let verify = line.value(after: "verify") ?? "required"
            if verify != "none" {
                listener.clientCertificates = .init(isRequired: verify == "required", ca: path(ca, base: "ca-base"))
            }
        }
        let lost = [
            "crl-file", "ciphers", "ciphersuites", "curves", "strict-sni", "generate-certificates", "crt-ignore-err",
            "ca-ignore-err",
        ]
        for word in line.words where lost.contains(word) {
            findings.lost("bind … \(word): Aya's 'profile' and its certificates decide", at: line.origin)
        }
    }

    // MARK: Layer 4

    /// Where the sessions of a frontend with `mode tcp` go.
    private mutating func readSessions(_ section: HAProxySection, _ listeners: Range<Int>) {
        let conditions = HAProxyCondition(section, findings)
        var fallback: String?
        var rules: [PlannedListener.SNIRule] = []
        var hosts: Set<String> = []
        for line in section.lines where line.keyword == "tcp-request" && line.words.contains("reject") {
            let result = conditions.read(line)
            if result.isAccess || result.unsayable == nil {
                findings.lost("\(line.shown): Aya has no lists of clients; its listeners are left out", at: line.origin)
                plan.listeners.removeSubrange(listeners)
                return
            }
            findings.lost("\(line.shown): Aya has no lists of clients", at: line.origin)
        }
        for line in section.lines where line.keyword == "use_backend" {
            guard let backend = line.argument(0) else { continue }
            let result = conditions.read(line)
            if let reason = result.unsayable {
                findings.lost(
                    "\(line.shown): Aya's tcp listeners go by the name in the ClientHello, not by \(reason)",
                    at: line.origin)
            }
            for alternative in result.alternatives {
                guard let host = alternative.sni, let pool = pool(backend, line.origin, isHTTP: false) else { continue }
                if hosts.insert(host).inserted { rules.append(.init(host: host, pool: pool)) }
            }
        }
        if let line = section.line("default_backend"), let backend = line.argument(0) {
            fallback = pool(backend, line.origin, isHTTP: false)
        } else if section.kind == .listen {
            fallback = pool(section.name, section.origin, isHTTP: false)
        }
        for index in listeners { plan.listeners[index].kind = .tcp(pool: fallback, sni: rules) }
        if fallback == nil, rules.isEmpty { plan.listeners.removeSubrange(listeners) }
    }
}
