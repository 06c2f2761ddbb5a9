extension NginxImport {
    /// The names of the listeners of a server, which are made where they are new.
    mutating func listeners(of site: NginxSite) -> [String] {
        var names: [String] = []
        for listen in site.listens {
            let index: Int
            if let known = listeners[listen.bind] {
                index = known
                if (plan.listeners[index].tls != nil) != listen.isTLS {
                    findings.differs(
                        "listen: '\(listen.bind)' is with and without ssl in different servers; Aya's is with",
                        at: listen.origin)
                }
            } else {
                index = plan.listeners.count
                let port = listen.bind.split(separator: ":").last.map(String.init) ?? ""
                let base = listen.isTLS ? "https" : "http"
                let usual = listen.isTLS ? "443" : "80"
                let isUnix = listen.bind.hasPrefix("unix:")
                let name = listenerNames.unique(port == usual ? base : isUnix ? "\(base)-unix" : "\(base)-\(port)")
                plan.listeners.append(PlannedListener(name: name, bind: listen.bind, origin: listen.origin))
                listeners[listen.bind] = index
                setBounds(index, site)
            }
            if listen.isTLS { addTLS(index, site) }
            if listen.proxyProtocol { plan.listeners[index].proxyProtocol = true }
            addShared(index, site)
            names.append(plan.listeners[index].name)
        }
        return names
    }

    /// nginx's timeouts, whose defaults are longer than Aya's.
    private mutating func setBounds(_ index: Int, _ site: NginxSite) {
        let scope = site.scope
        plan.listeners[index].headerTimeout = scope.milliseconds("client_header_timeout") ?? 60_000
        plan.listeners[index].bodyTimeout = scope.milliseconds("client_body_timeout") ?? 60_000
        let idle = scope.milliseconds("keepalive_timeout") ?? 75_000
        plan.listeners[index].idleTimeout = max(idle, 1)
        if idle == 0 {
            findings.differs(
                "keepalive_timeout 0: Aya keeps connections open, though no longer than 'idle'",
                at: scope.directive("keepalive_timeout")?.origin ?? site.origin)
            plan.listeners[index].idleTimeout = 1000
        }
    }

    /// What servers of one address have together in Aya.
    private mutating func addShared(_ index: Int, _ site: NginxSite) {
        for trusted in site.scope.list("set_real_ip_from") {
            guard let block = trusted.argument(0) else { continue }
            if block.hasPrefix("unix:") { continue }
            if !plan.listeners[index].trustedProxies.contains(block) {
                plan.listeners[index].trustedProxies.append(block)
            }
        }
        if let header = site.scope.directive("real_ip_header"), let name = header.argument(0)?.lowercased(),
            !["x-forwarded-for", "proxy_protocol", "x-real-ip"].contains(name)
        {
            findings.lost(
                "real_ip_header \(OneLine.short(name)): Aya believes X-Forwarded-For, Forwarded and the PROXY protocol",
                at: header.origin)
        }
        for limit in site.scope.list("limit_conn") {
            guard let zone = limit.argument(0), let count = limit.argument(1).flatMap({ Int($0) }) else { continue }
            if addressZones.contains(zone) {
                let known = plan.listeners[index].connectionsPerClient ?? 0
                plan.listeners[index].connectionsPerClient = max(known, count)
            } else {
                findings.lost(
                    "limit_conn \(OneLine.short(zone)): Aya bounds connections by client address", at: limit.origin)
            }
        }
        addBodyLimit(index, site)
    }

    /// The largest of all locations, as the bound is the listener's in Aya.
    private mutating func addBodyLimit(_ index: Int, _ site: NginxSite) {
        var sizes: [(size: Int64, origin: Origin)] = []
        func collect(_ block: [NginxDirective]) {
            for directive in block {
                if directive.name == "client_max_body_size", let text = directive.argument(0),
                    let size = Sizes.binary(text)
                {
                    sizes.append((size, directive.origin))
                }
                if directive.name == "location" { collect(directive.block ?? []) }
            }
        }
        let outer = site.scope.directive("client_max_body_size").flatMap { directive in
            directive.argument(0).flatMap(Sizes.binary).map { (size: $0, origin: directive.origin) }
        }
        sizes.append(outer ?? (1 << 20, site.origin))
        collect(site.block)
        let known = plan.listeners[index].body
        if known == -1 { return }
        let isUnbounded = sizes.contains { $0.size == 0 }
        let largest = max(sizes.map(\.size).max() ?? 0, known ?? 0)
        let distinct = Set(sizes.map(\.size) + (known.map { [$0] } ?? []))
        if distinct.count > 1, let stated = sizes.first(where: { $0.size != largest || isUnbounded }) {
            findings.differs(
                "client_max_body_size: the bound is the listener's in Aya, so the largest one holds for all",
                at: stated.origin)
        }
        plan.listeners[index].body = isUnbounded ? -1 : largest
    }

    mutating func addTLS(_ index: Int, _ site: NginxSite) {
        let scope = site.scope
        var certificates: [PlannedListener.Certificate] = []
        if case .files(let known) = plan.listeners[index].tls { certificates = known }
        let certs = scope.list("ssl_certificate")
        let keys = scope.list("ssl_certificate_key")
        for (cert, key) in zip(certs, keys) {
            guard let certPath = cert.argument(0), let keyPath = key.argument(0) else { continue }
            if certPath.contains("$") || keyPath.contains("$") || certPath.hasPrefix("data:") {
                findings.lost("ssl_certificate with a variable: name each certificate", at: cert.origin)
                continue
            }
            let ocsp = scope.value("ssl_stapling_file")
            let certificate = PlannedListener.Certificate(cert: certPath, key: keyPath, ocsp: ocsp)
            if !certificates.contains(certificate) { certificates.append(certificate) }
        }
        let rejects = scope.value("ssl_reject_handshake") == "on"
        if certificates.isEmpty, plan.listeners[index].tls == nil, !rejects {
            findings.lost("ssl without ssl_certificate: the listener gets a certificate of its own", at: site.origin)
            plan.listeners[index].tls = .local
        } else if !certificates.isEmpty {
            plan.listeners[index].tls = .files(certificates)
        } else if plan.listeners[index].tls == nil {
            plan.listeners[index].tls = .local
        }
        if rejects {
            findings.differs(
                "ssl_reject_handshake: Aya shows the first certificate to clients that ask for an unknown name",
                at: scope.directive("ssl_reject_handshake")?.origin ?? site.origin)
        }
        if let protocols = scope.directive("ssl_protocols") {
            let versions = protocols.arguments
            if !versions.contains("TLSv1.2"), versions.contains("TLSv1.3") { plan.listeners[index].minVersion = "1.3" }
            if versions.contains("TLSv1") || versions.contains("TLSv1.1") || versions.contains("SSLv3") {
                findings.differs("ssl_protocols: Aya speaks TLS 1.2 and 1.3 only", at: protocols.origin)
            }
        }
        addClientCertificates(index, scope)
    }

    private mutating func addClientCertificates(_ index: Int, _ scope: NginxScope) {
        guard let verify = scope.directive("ssl_verify_client"), let mode = verify.argument(0), mode != "off" else {
            return
        }
        guard let ca = scope.value("ssl_client_certificate") ?? scope.value("ssl_trusted_certificate") else {
            findings.lost("ssl_verify_client without ssl_client_certificate", at: verify.origin)
            return
        }
        if mode == "optional_no_ca" {
            findings.differs(
                "ssl_verify_client optional_no_ca: Aya turns down certificates that it can't verify", at: verify.origin)
        }
        plan.listeners[index].clientCertificates = .init(isRequired: mode == "on", ca: ca)
    }
}
