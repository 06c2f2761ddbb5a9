extension PlanWriter {
    func listener(_ listener: PlannedListener) -> Field {
        let origin = listener.origin
        var fields = [Field("bind", .text(listener.bind), origin)]
        func add(_ key: String, _ value: Value) { fields.append(Field(key, value, origin)) }
        func addMap(_ key: String, _ entries: [(key: String, value: Value)?]) {
            let entries = entries.compactMap(\.self)
            if !entries.isEmpty { add(key, .flowMap(entries)) }
        }
        switch listener.kind {
        case .http: break
        case .tcp(let pool, let sni):
            add("protocol", .word("tcp"))
            if let pool { add("pool", .text(pool)) }
            if !sni.isEmpty { add("sni", .map(sni.map { Field($0.host, .text($0.pool), origin) })) }
        case .udp(let pool):
            add("protocol", .word("udp"))
            add("pool", .text(pool))
        }
        if let redirect = listener.redirect { add("redirect", .text(redirect)) }
        if let tls = self.tls(listener) { add("tls", tls) }
        if listener.proxyProtocol { add("proxy_protocol", .word("true")) }
        if listener.forwarded { add("forwarded", .word("true")) }
        if !listener.trustedProxies.isEmpty {
            add("trusted_proxies", .flowList(listener.trustedProxies.map { .text($0) }))
        }
        addMap(
            "limits",
            [
                number("connections", listener.connections, 1...10_000_000, origin),
                number("connections_per_client", listener.connectionsPerClient, 1...10_000_000, origin),
                number("header_count", listener.headerCount, 1...10_000, origin),
                listener.body.flatMap { $0 < 0 ? nil : ("body", .word(Sizes.text($0))) },
            ])
        addMap(
            "timeouts",
            [
                duration("header", listener.headerTimeout, origin), duration("body", listener.bodyTimeout, origin),
                duration("idle", listener.idleTimeout, origin),
            ])
        return Field(listener.name, .map(fields), origin, comments: [source(origin)])
    }

    private func tls(_ listener: PlannedListener) -> Value? {
        let origin = listener.origin
        var fields: [Field] = []
        switch listener.tls {
        case nil: return nil
        case .files(let certificates):
            let entries = certificates.map { certificate -> (value: Value, origin: Origin) in
                var entry: [(key: String, value: Value)] = [
                    ("cert", .text(certificate.cert)), ("key", .text(certificate.key)),
                ]
                if let ocsp = certificate.ocsp { entry.append(("ocsp", .text(ocsp))) }
                return (.flowMap(entry), origin)
            }
            fields.append(Field("certificates", .list(entries), origin))
        case .automatic(let email, let directory):
            var entry: [(key: String, value: Value)] = []
            if let email { entry.append(("email", .text(email))) }
            if let directory { entry.append(("directory", .text(directory))) }
            if entry.isEmpty, listener.hosts.isEmpty, listener.minVersion == nil,
                listener.clientCertificates == nil
            {
                return .word("auto")
            }
            fields.append(Field("auto", .flowMap(entry), origin))
        case .local:
            fields.append(Field("internal", .word("true"), origin))
        }
        if !listener.hosts.isEmpty {
            fields.append(Field("hosts", .flowList(listener.hosts.map { .text($0) }), origin))
        }
        if let version = listener.minVersion { fields.append(Field("min_version", .text(version), origin)) }
        if let clients = listener.clientCertificates {
            fields.append(
                Field(
                    "client_certificates",
                    .flowMap([
                        ("mode", .word(clients.isRequired ? "require" : "optional")), ("ca", .text(clients.ca)),
                    ]), origin))
        }
        return .map(fields)
    }
}
