internal import AyaConfig

/// Turns Traefik's static and dynamic configuration, in YAML or TOML, into a plan: entry points, routers, services and
/// what middlewares Aya has something for.
///
/// Both may stand in one file, as people keep them for the file provider; a static file that names the dynamic one is
/// followed.
struct TraefikImport {
    var plan = Plan()
    let findings: Findings
    private let include: IncludeReader
    var poolNames = Names()
    var listenerNames = Names()
    /// The static part, and the files of the dynamic one.
    var roots: [ForeignValue] = []
    /// Listeners by entry point.
    var entryPoints: [String: String] = [:]
    var pools: [String: [PlannedRoute.Share]] = [:]
    /// Attempts that a `retry` middleware of the router at hand allows.
    var retries: Int?
    var chainDepth = 0
    /// How long flows of a listener may be still.
    var udpTimeouts: [String: Int64] = [:]

    static func plan(
        _ file: SourceFile, _ include: @escaping IncludeReader, _ findings: Findings
    ) throws(ImportSyntaxError) -> Plan {
        var imports = TraefikImport(findings, include)
        try imports.load(file, number: 0)
        imports.readEntryPoints()
        imports.readHTTP()
        imports.readTCP()
        imports.readUDP()
        imports.readRest()
        return imports.plan
    }

    private init(_ findings: Findings, _ include: @escaping IncludeReader) {
        self.findings = findings
        self.include = include
    }

    private mutating func load(_ file: SourceFile, number: Int) throws(ImportSyntaxError) {
        let root: ForeignValue
        if file.name.hasSuffix(".toml") || Self.looksLikeTOML(file) {
            do { root = try TOMLParser.parse(file.bytes) } catch {
                throw ImportSyntaxError(message: error.message, origin: Origin(file: number, line: error.origin.line))
            }
        } else {
            root = try ForeignValue.yaml(file, number: number)
        }
        roots.append(root)
        guard number == 0, let provider = root["providers", "file"] else { return }
        guard let name = provider["filename"]?.text ?? provider["directory"]?.text.map({ "\($0)/*.yml" }) else {
            return
        }
        guard let files = include(name, file.name) else {
            findings.lost(
                "providers.file \(OneLine.short(name)): the file can't be read; import it by itself",
                at: provider.origin)
            return
        }
        for file in files.prefix(100) where file.bytes.count <= Importer.mostBytes {
            findings.files.append(file)
            try load(file, number: findings.files.count - 1)
        }
    }

    /// A table or `key = value` where YAML would have `key:`.
    private static func looksLikeTOML(_ file: SourceFile) -> Bool {
        for number in 1...max(1, min(file.lineCount, 200)) {
            let line = String(decoding: file.line(number), as: UTF8.self).drop { $0 == " " || $0 == "\t" }
            if line.isEmpty || line.hasPrefix("#") { continue }
            return line.hasPrefix("[") && line.contains("]") && !line.hasPrefix("[{")
                || line.contains(" = ") && !line.contains(": ")
        }
        return false
    }

    /// The entries of a map over all files.
    func all(_ first: String, _ second: String) -> [(key: String, value: ForeignValue)] {
        roots.flatMap { $0[first, second]?.entries ?? [] }
    }

    func middleware(_ name: String) -> ForeignValue? {
        let bare = name.split(separator: "@").first.map(String.init) ?? name
        return all("http", "middlewares").last { $0.key == bare }?.value
    }

    // MARK: Static

    private mutating func readEntryPoints() {
        for root in roots {
            for (name, value) in root["entryPoints"]?.entries ?? [] {
                let address = value["address"]?.text ?? ":80"
                let parts = address.split(separator: "/")
                let bind = parts.first.map(String.init) ?? address
                var listener = PlannedListener(
                    name: listenerNames.unique(name), bind: Self.bind(bind), origin: value.origin)
                if parts.last == "udp" {
                    listener.kind = .udp(pool: "")
                    udpTimeouts[listener.name] = value["udp", "timeout"]?.text.flatMap(Times.go) ?? 3000
                }
                let timeouts = value["transport", "respondingTimeouts"]
                listener.bodyTimeout = timeouts?["readTimeout"]?.text.flatMap(Times.go).flatMap { $0 > 0 ? $0 : nil }
                listener.idleTimeout = timeouts?["idleTimeout"]?.text.flatMap(Times.go) ?? 180_000
                let trusted = value["forwardedHeaders", "trustedIPs"]?.texts ?? []
                let proxies = value["proxyProtocol", "trustedIPs"]?.texts ?? []
                listener.trustedProxies = trusted + proxies.filter { !trusted.contains($0) }
                listener.proxyProtocol = value["proxyProtocol"] != nil
                if value["forwardedHeaders", "insecure"]?.isTrue == true {
                    findings.lost("forwardedHeaders.insecure: name the proxies in 'trusted_proxies'", at: value.origin)
                }
                if value["http", "tls"] != nil { setTLS(&listener, value["http", "tls"], value.origin) }
                for key in ["middlewares"] where value["http", key] != nil {
                    findings.lost(
                        "entryPoints.\(OneLine.short(name)).http.\(key): give routes what they need", at: value.origin)
                }
                entryPoints[name] = listener.name
                plan.listeners.append(listener)
            }
        }
        for root in roots {
            for (name, value) in root["entryPoints"]?.entries ?? [] {
                guard let redirection = value["http", "redirections", "entryPoint"], let to = redirection["to"]?.text
                else { continue }
                // To a port (`:443`) or to an entry point.
                let target = entryPoints[to] ?? plan.listeners.first { $0.bind.hasSuffix(to) }?.name
                guard let target, let index = plan.listeners.firstIndex(where: { $0.name == entryPoints[name] }) else {
                    findings.lost(
                        "redirection to \(OneLine.short(to)): there is no such entry point", at: redirection.origin)
                    continue
                }
                plan.listeners[index].redirect = target
                if let other = plan.listeners.firstIndex(where: { $0.name == target }), plan.listeners[other].tls == nil
                {
                    setTLS(&plan.listeners[other], nil, value.origin)
                }
            }
        }
        // A dynamic file alone has no entry points; those of the documentation stand for them.
        if entryPoints.isEmpty {
            for (name, port) in [("web", 80), ("websecure", 443)] {
                let isNamed = (all("http", "routers") + all("tcp", "routers")).contains { router in
                    let points = router.value["entryPoints"]?.texts ?? []
                    return points.contains(name) || points.isEmpty && (router.value["tls"] != nil) == (port == 443)
                }
                guard isNamed else { continue }
                let origin = roots.first?.origin ?? Origin(line: 1)
                findings.differs("no entry points here: '\(name)' is taken to be :\(port)", at: origin)
                entryPoints[name] = listenerNames.unique(name)
                plan.listeners.append(PlannedListener(name: name, bind: ":\(port)", origin: origin))
            }
        }
    }

    private static func bind(_ address: String) -> String {
        address.allSatisfy(\.isNumber) ? ":\(address)" : address
    }

    /// Certificates from files, else by the resolver, else Traefik's own default.
    func setTLS(_ listener: inout PlannedListener, _ tls: ForeignValue?, _ origin: Origin) {
        let files = roots.flatMap { $0["tls", "certificates"]?.list ?? [] }
        let certificates = files.compactMap { entry -> PlannedListener.Certificate? in
            guard let cert = entry["certFile"]?.text, let key = entry["keyFile"]?.text else { return nil }
            return .init(cert: cert, key: key)
        }
        let resolver = tls?["certResolver"]?.text
        let known = roots.flatMap { $0["certificatesResolvers"]?.entries ?? [] }
        if let resolver, certificates.isEmpty || listener.tls == nil {
            let acme = known.last { $0.key == resolver }?.value["acme"]
            if !certificates.isEmpty {
                findings.lost(
                    "a listener has one source of certificates: the files stay, the resolver goes", at: origin)
            } else {
                listener.tls = .automatic(email: acme?["email"]?.text, directory: acme?["caServer"]?.text)
                if acme?["dnsChallenge"] != nil {
                    findings.lost(
                        "dnsChallenge: 'challenge: dns-01' runs a 'hook' of yours",
                        at: acme?.origin(of: "dnsChallenge") ?? origin)
                }
                return
            }
        }
        if !certificates.isEmpty {
            listener.tls = .files(certificates)
        } else if listener.tls == nil {
            listener.tls = .local
        }
        let options = roots.flatMap { $0["tls", "options"]?.entries ?? [] }
        let name = tls?["options"]?.text?.split(separator: "@").first.map(String.init) ?? "default"
        guard let chosen = options.last(where: { $0.key == name })?.value else { return }
        if chosen["minVersion"]?.text == "VersionTLS13" { listener.minVersion = "1.3" }
        if let clients = chosen["clientAuth"], let ca = clients["caFiles"]?.texts.first {
            let kind = clients["clientAuthType"]?.text ?? "RequireAndVerifyClientCert"
            listener.clientCertificates = .init(isRequired: kind.hasPrefix("RequireAndVerify"), ca: ca)
        }
        if let ciphers = chosen["cipherSuites"] {
            findings.lost("cipherSuites: Aya's 'profile' picks them", at: ciphers.origin)
        }
    }

    private mutating func readRest() {
        for root in roots {
            if let log = root["accessLog"], plan.accessLogs.isEmpty {
                plan.accessLogs = [
                    .init(
                        target: log["filePath"]?.text.map { .file($0) } ?? .standardError,
                        format: log["format"]?.text == "json" ? .json : .common, origin: log.origin)
                ]
            }
            if let provider = root["providers"] {
                for (name, value) in provider.entries where !["file", "providersThrottleDuration"].contains(name) {
                    findings.lost("providers.\(OneLine.short(name)): name the servers in pools", at: value.origin)
                }
            }
            let known: Set<String> = [
                "entryPoints", "providers", "http", "tcp", "udp", "tls", "certificatesResolvers", "accessLog", "log",
                "global",
                "ping", "serversTransport",
            ]
            for (name, value) in root.entries where !known.contains(name) {
                switch name {
                case "api", "metrics":
                    findings.lost("\(name): see 'admin' for status, changes and metrics", at: value.origin)
                default: findings.lost("\(OneLine.short(name)): Aya has nothing for it", at: value.origin)
                }
            }
        }
        plan.listeners.removeAll { if case .udp(pool: "") = $0.kind { true } else { false } }
    }
}
