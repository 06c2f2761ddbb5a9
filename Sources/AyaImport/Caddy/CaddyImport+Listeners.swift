extension CaddyImport {
    /// The listener of an address; sites share it.
    mutating func listen(_ address: CaddyAddress, _ site: CaddyBlock) -> [String] {
        let binds = site.body.filter { $0.name == "bind" }.flatMap(\.arguments)
        return (binds.isEmpty ? [""] : binds).map { listen(on: $0, address, site) }
    }

    private mutating func listen(on host: String, _ address: CaddyAddress, _ site: CaddyBlock) -> String {
        let bind: String
        if host.hasPrefix("unix/") {
            bind = "unix:" + host.dropFirst(5)
        } else if host.isEmpty || host == "0.0.0.0" || host == "[::]" {
            bind = host.isEmpty ? ":\(address.port)" : "\(host):\(address.port)"
        } else {
            bind = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(address.port)" : "\(host):\(address.port)"
        }
        let index: Int
        if let known = listeners[bind] {
            index = known
        } else {
            index = plan.listeners.count
            let base = address.isTLS ? "https" : "http"
            let isUsual = address.port == (address.isTLS ? 443 : 80)
            let name = listenerNames.unique(isUsual ? base : "\(base)-\(address.port)")
            plan.listeners.append(PlannedListener(name: name, bind: bind, origin: site.origin))
            listeners[bind] = index
        }
        if address.isTLS { secure(index, address, site) }
        setBody(index, site)
        return plan.listeners[index].name
    }

    private mutating func secure(_ index: Int, _ address: CaddyAddress, _ site: CaddyBlock) {
        let tls = site.body.first { $0.name == "tls" }
        readClients(index, tls)
        if let cert = tls?.argument(0), let key = tls?.argument(1) {
            var known: [PlannedListener.Certificate] = []
            if case .files(let files) = plan.listeners[index].tls { known = files }
            if !known.contains(.init(cert: cert, key: key)) { known.append(.init(cert: cert, key: key)) }
            return set(.files(known), index, site)
        }
        let isInternal = tls?.argument(0) == "internal" || option("local_certs") != nil || address.isLocal
        if isInternal {
            set(.local, index, site)
        } else {
            let email = tls?.argument(0).flatMap { $0.contains("@") ? $0 : nil } ?? option("email")?.argument(0)
            set(
                .automatic(email: email, directory: tls?.first("ca")?.argument(0) ?? option("acme_ca")?.argument(0)),
                index, site)
        }
        if let host = address.host, !host.hasPrefix("["), !isAddress(host),
            securedHosts.insert([plan.listeners[index].name, host]).inserted
        {
            if host.hasPrefix("*."), !isInternal {
                findings.lost(
                    "\(host): a certificate for it needs 'challenge: dns-01' and a 'hook'", at: site.origin)
            } else {
                plan.listeners[index].hosts.append(host)
            }
        }
        addRedirect(site)
    }

    private func isAddress(_ host: String) -> Bool {
        host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }

    /// A listener has one source of certificates; a second one is said.
    private mutating func set(_ tls: PlannedListener.TLS, _ index: Int, _ site: CaddyBlock) {
        switch (plan.listeners[index].tls, tls) {
        case (nil, _), (.files, .files), (.automatic, .automatic), (.local, .local): plan.listeners[index].tls = tls
        case (.local, .automatic), (.local, .files):
            findings.lost("a listener has one source of certificates: those of the public sites stay", at: site.origin)
            plan.listeners[index].tls = tls
            plan.listeners[index].hosts = []
            securedHosts = securedHosts.filter { $0.first != plan.listeners[index].name }
        case (.files, _), (.automatic, _):
            findings.lost("a listener has one source of certificates: this site's is left out", at: site.origin)
        }
    }

    private mutating func readClients(_ index: Int, _ tls: CaddyDirective?) {
        guard let tls else { return }
        if let versions = tls.first("protocols"), versions.argument(0) == "tls1.3" {
            plan.listeners[index].minVersion = "1.3"
        }
        for line in tls.block {
            switch line.name {
            case "client_auth":
                let mode = line.first("mode")?.argument(0) ?? "require_and_verify"
                let pool = line.first("trust_pool")
                let file =
                    line.first("trusted_ca_cert_file")?.argument(0)
                    ?? (pool?.argument(0) == "file" ? pool?.argument(1) : nil)
                if let file, mode != "request" {
                    plan.listeners[index].clientCertificates = .init(isRequired: mode.hasPrefix("require"), ca: file)
                } else {
                    findings.lost("client_auth: name the authority in a file", at: line.origin)
                }
            case "protocols", "ca": break
            case "dns": findings.lost("tls dns: 'challenge: dns-01' runs a 'hook' of yours", at: line.origin)
            case "ciphers", "curves": findings.lost("tls \(line.name): Aya's 'profile' picks them", at: line.origin)
            default: findings.lost("tls \(line.shown): Aya has nothing for it", at: line.origin)
            }
        }
    }

    /// Caddy answers port 80 with a redirect by itself.
    private mutating func addRedirect(_ site: CaddyBlock) {
        let off = option("auto_https")?.argument(0)
        let port = option("http_port")?.argument(0).flatMap { Int($0) } ?? 80
        guard off != "off", off != "disable_redirects", listeners[":\(port)"] == nil else { return }
        guard let secure = plan.listeners.first(where: { $0.tls != nil }) else { return }
        listeners[":\(port)"] = plan.listeners.count
        var plain = PlannedListener(
            name: listenerNames.unique(port == 80 ? "http" : "http-\(port)"), bind: ":\(port)", origin: site.origin)
        plain.redirect = secure.name
        plan.listeners.append(plain)
    }

    private mutating func setBody(_ index: Int, _ site: CaddyBlock) {
        for line in site.body where line.name == "request_body" {
            guard let size = line.first("max_size")?.argument(0).flatMap(Sizes.decimal) else { continue }
            plan.listeners[index].body = max(plan.listeners[index].body ?? 0, size)
            if line.argument(0) != nil {
                findings.differs("request_body: the bound is the listener's in Aya", at: line.origin)
            }
        }
    }
}
