internal import AyaConfig

/// Turns Envoy's static configuration (v3, YAML or JSON) into a plan: listeners with their filter chains, virtual hosts
/// with their routes, clusters.
struct EnvoyImport {
    var plan = Plan()
    let findings: Findings
    var listenerNames = Names()
    var poolNames = Names()
    var clusters: [String: ForeignValue] = [:]
    /// Pools by cluster.
    var pools: [String: String] = [:]
    /// The filter of the connection manager at hand that decides who may ask.
    var closed: Origin?

    static func plan(_ file: SourceFile, _ findings: Findings) throws(ImportSyntaxError) -> Plan {
        var imports = EnvoyImport(findings: findings)
        imports.read(try ForeignValue.yaml(file, number: 0))
        imports.plan.routes = RouteOrdering.settleHosts(imports.plan.routes)
        return imports.plan
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func read(_ root: ForeignValue) {
        check(
            root, "",
            known: [
                "static_resources", "admin", "node", "dynamic_resources", "layered_runtime", "stats_config",
                "stats_sinks",
                "stats_flush_interval", "bootstrap_extensions",
            ])
        for cluster in root["static_resources", "clusters"]?.list ?? [] {
            if let name = cluster["name"]?.text { clusters[name] = cluster }
        }
        if let dynamic = root["dynamic_resources"] {
            findings.lost("dynamic_resources: what a management server says is not in this file", at: dynamic.origin)
        }
        if let overload = root["overload_manager"] {
            findings.lost(
                "overload_manager: 'criticality' of routes and 'concurrency' of pools shed load", at: overload.origin)
        }
        for listener in root["static_resources", "listeners"]?.list ?? [] { readListener(listener) }
        if let admin = root["admin"], let address = admin["address", "socket_address"],
            let port = address["port_value"]?.text
        {
            plan.admin = ("127.0.0.1:\(port)", admin.origin)
            if let host = address["address"]?.text, host != "127.0.0.1", host != "localhost" {
                findings.differs(
                    "admin on \(OneLine.short(host)): Aya's admin API can change things, so it listens on this machine alone",
                    at: admin.origin)
            }
        }
        for (name, cluster) in clusters.sorted(by: { $0.key < $1.key }) where pools[name] == nil {
            findings.lost("cluster \(OneLine.short(name)): nothing that was carried over uses it", at: cluster.origin)
        }
    }

    /// Keys that nothing stands for.
    func check(_ value: ForeignValue, _ title: String, known: Set<String>) {
        // JSON of Protocol Buffers has both spellings, `connect_timeout` and `connectTimeout`.
        let known = Set(known.map(ForeignValue.folded))
        for (key, inner) in value.entries where !known.contains(ForeignValue.folded(key)) && key != "@type" {
            findings.lost("\(title)\(OneLine.short(key)): Aya has nothing for it", at: inner.origin)
        }
    }

    // MARK: Listeners

    private mutating func readListener(_ value: ForeignValue) {
        let socket = value["address", "socket_address"]
        let bind: String
        if let pipe = value["address", "pipe", "path"]?.text {
            bind = "unix:\(pipe)"
        } else {
            guard let port = socket?["port_value"]?.text, let host = socket?["address"]?.text else {
                findings.lost("a listener without an address", at: value.origin)
                return
            }
            let isV4AndV6 = host == "::" && socket?["ipv4_compat"]?.isTrue == true
            bind = isV4AndV6 ? ":\(port)" : host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
        check(
            value, "listener.",
            known: [
                "name", "address", "filter_chains", "default_filter_chain", "listener_filters",
                "per_connection_buffer_limit_bytes",
                "traffic_direction", "reuse_port", "enable_reuse_port", "udp_listener_config", "use_original_dst",
                "stat_prefix",
                "listener_filters_timeout", "tcp_backlog_size", "access_log", "connection_balance_config", "drain_type",
            ])
        var listener = PlannedListener(
            name: listenerNames.unique(value["name"]?.text ?? "listener"), bind: bind, origin: value.origin)
        for filter in value["listener_filters"]?.list ?? [] {
            let name = filter["name"]?.text ?? ""
            if name.hasSuffix("proxy_protocol") {
                listener.proxyProtocol = true
            } else if name.hasSuffix("udp_proxy") {
                let config = filter["typed_config"]
                let cluster =
                    config?["cluster"] ?? config?["matcher", "on_no_match", "action", "typed_config"]?["cluster"]
                    ?? config?["matcher", "on_no_match"]?["action", "typed_config", "cluster"]
                if let cluster = cluster?.text, let pool = pool(cluster, filter.origin, isHTTP: false) {
                    listener.kind = .udp(pool: pool)
                    listener.idleTimeout = config?["idle_timeout"]?.text.flatMap(Times.envoy) ?? 60_000
                    plan.listeners.append(listener)
                } else {
                    findings.lost("udp_proxy: its cluster is not fixed", at: filter.origin)
                }
                return
            } else if !name.hasSuffix("tls_inspector"), !name.hasSuffix("http_inspector") {
                findings.lost("listener filter \(OneLine.short(name)): Aya has nothing for it", at: filter.origin)
            }
        }
        var chains = value["filter_chains"]?.list ?? []
        if let last = value["default_filter_chain"] { chains.append(last) }
        var sni: [PlannedListener.SNIRule] = []
        var fallback: String?
        var isTCP = false
        var routes: [PlannedRoute] = []
        for chain in chains {
            if let tls = chain["transport_socket", "typed_config"] ?? chain["tls_context"] { setTLS(&listener, tls) }
            let names = chain["filter_chain_match", "server_names"]?.texts ?? []
            if let match = chain["filter_chain_match"] {
                check(
                    match, "filter_chain_match.",
                    known: ["server_names", "transport_protocol", "application_protocols"])
            }
            for filter in chain["filters"]?.list ?? [] {
                let config = filter["typed_config"] ?? filter["config"] ?? ForeignValue(.map([]), filter.origin)
                let type = config["@type"]?.text ?? filter["name"]?.text ?? ""
                if type.hasSuffix("HttpConnectionManager") || type.hasSuffix("http_connection_manager") {
                    routes += readManager(config, &listener, names)
                } else if type.hasSuffix("TcpProxy") || type.hasSuffix("tcp_proxy") {
                    isTCP = true
                    guard let cluster = config["cluster"]?.text, let pool = pool(cluster, config.origin, isHTTP: false)
                    else {
                        findings.lost(
                            "tcp_proxy without a single cluster: Aya's tcp listeners have a pool", at: config.origin)
                        continue
                    }
                    listener.idleTimeout = config["idle_timeout"]?.text.flatMap(Times.envoy) ?? 3_600_000
                    if names.isEmpty { fallback = fallback ?? pool }
                    for name in names where !sni.contains(where: { $0.host == name }) {
                        sni.append(.init(host: name, pool: pool))
                    }
                } else {
                    findings.lost(
                        "filter \(OneLine.short(filter["name"]?.text ?? type)): Aya has nothing for it",
                        at: filter.origin)
                }
            }
        }
        if isTCP {
            if !routes.isEmpty {
                findings.lost("http and tcp on one listener: Aya's speaks one of them", at: value.origin)
            }
            guard fallback != nil || !sni.isEmpty else { return }
            listener.kind = .tcp(pool: fallback, sni: sni)
            listener.bodyTimeout = nil
        } else {
            guard !routes.isEmpty else { return }
            for var route in routes {
                route.listeners = [listener.name]
                plan.routes.append(route)
            }
        }
        plan.listeners.append(listener)
    }

    private func setTLS(_ listener: inout PlannedListener, _ tls: ForeignValue) {
        let common = tls["common_tls_context"]
        var certificates: [PlannedListener.Certificate] = []
        if case .files(let known) = listener.tls { certificates = known }
        for entry in common?["tls_certificates"]?.list ?? [] {
            guard let cert = entry["certificate_chain", "filename"]?.text,
                let key = entry["private_key", "filename"]?.text
            else {
                findings.lost("a certificate that is not in files", at: entry.origin)
                continue
            }
            let certificate = PlannedListener.Certificate(
                cert: cert, key: key, ocsp: entry["ocsp_staple", "filename"]?.text)
            if !certificates.contains(certificate) { certificates.append(certificate) }
        }
        if certificates.isEmpty {
            findings.lost("no certificate is in files: the listener gets one of its own", at: tls.origin)
            listener.tls = .local
        } else {
            listener.tls = .files(certificates)
        }
        if common?["tls_params", "tls_minimum_protocol_version"]?.text == "TLSv1_3" { listener.minVersion = "1.3" }
        if let ciphers = common?["tls_params", "cipher_suites"] {
            findings.lost("cipher_suites: Aya's 'profile' picks them", at: ciphers.origin)
        }
        if let ca = common?["validation_context", "trusted_ca", "filename"]?.text {
            listener.clientCertificates = .init(isRequired: tls["require_client_certificate"]?.isTrue == true, ca: ca)
        }
    }
}
