internal import AyaCore

extension Translation {
    /// Of a listener; nil without TLS.
    func listenerTLS(_ map: SectionReader, _ title: String, _ kind: String?) -> Blueprint.ListenerTLS? {
        typealias Keys = Language.ListenerTLS
        let title = "the tls of \(title)"
        guard let node = map.node(Language.Listener.tls), !map.isSwitchedOff(Language.Listener.tls, by: "off") else {
            return nil
        }
        if kind == "udp" {
            problems.error("'tls' has no meaning for a udp listener", at: node.place)
            return nil
        }
        if map.isSwitchedOff(Language.Listener.tls, by: "auto") { return shortForm(.automatic(.init())) }
        if map.isSwitchedOff(Language.Listener.tls, by: "internal") { return shortForm(.local(hosts: [])) }
        guard let map = map.section(Language.Listener.tls, Keys.section, title: title) else { return nil }
        var tls = Blueprint.ListenerTLS(certificates: certificates(map, title))
        tls.issuer = issuer(map, title)
        if let profile = map.word(Keys.profile).flatMap(Blueprint.TLSProfile.init) { tls.profile = profile }
        let version = map.word(Keys.minimumVersion, noun: "version").flatMap(Blueprint.TLSVersion.init)
        tls.minimumVersion = version ?? (tls.profile == .modern ? .v13 : .v12)
        if tls.profile == .modern, version == .v12 {
            problems.error("the profile 'modern' has no TLS 1.2", at: map.keyPlace(Keys.minimumVersion))
        }
        tls.clientCertificates = clientCertificates(map, title, isHTTP: kind == "http")
        if map.isSwitchedOff(Keys.tickets, by: "off") {
            tls.tickets = nil
        } else if let map = map.section(Keys.tickets, Language.Tickets.section, title: "the tickets of \(title)") {
            tls.tickets = .init(keyFile: map.text(Language.Tickets.keyFile, .filePath, Self.filePath))
        }
        tls.staples = map.boolean(Keys.stapling) ?? true
        tls.earlyData = map.boolean(Keys.earlyData) ?? false
        if tls.earlyData, kind == "tcp" {
            problems.error("'early_data' has a meaning for http only", at: map.keyPlace(Keys.earlyData))
        } else if tls.earlyData, tls.tickets == nil {
            problems.error("'early_data' needs 'tickets'", at: map.keyPlace(Keys.earlyData))
        }
        return tls
    }

    private func shortForm(_ issuer: Blueprint.CertificateIssuer) -> Blueprint.ListenerTLS {
        var tls = Blueprint.ListenerTLS()
        tls.issuer = issuer
        return tls
    }

    static func filePath(_ text: String) throws(InvalidText) -> String {
        guard !text.isEmpty, !text.utf8.contains(0), text.utf8.count < 4096 else {
            throw InvalidText("'\(shortened(text))' is no path of a file")
        }
        return text
    }

    private func certificates(_ map: SectionReader, _ title: String) -> [Blueprint.CertificateFiles] {
        typealias Keys = Language.CertificateFiles
        guard map.node(Language.ListenerTLS.certificates) != nil else {
            let others = [Language.ListenerTLS.automatic, Language.ListenerTLS.isInternal]
            if others.allSatisfy({ map.node($0) == nil }) {
                problems.error("\(title) has no certificate ('certificates', 'auto' or 'internal')", at: map.place)
            }
            return []
        }
        guard let nodes = map.items(Language.ListenerTLS.certificates) else { return [] }
        if nodes.isEmpty {
            problems.error(
                "\(title) has no certificate", at: map.node(Language.ListenerTLS.certificates)?.place ?? map.place)
        }
        return nodes.compactMap { node in
            let title = "a certificate of \(title)"
            guard let map = SectionReader(node, Keys.section, title: title, reader),
                let certificate = map.text(Keys.certificate, .filePath, Self.filePath),
                let key = map.text(Keys.key, .filePath, Self.filePath)
            else { return nil }
            return .init(certificate: certificate, key: key, ocsp: map.text(Keys.ocsp, .filePath, Self.filePath))
        }
    }

    private func clientCertificates(
        _ map: SectionReader, _ title: String, isHTTP: Bool
    ) -> Blueprint.ListenerTLS.ClientCertificates? {
        typealias Keys = Language.ClientCertificates
        let title = "the client certificates of \(title)"
        guard let map = map.part(Language.ListenerTLS.clientCertificates, Keys.section, title: title) else {
            return nil
        }
        let mode = map.word(Keys.mode).flatMap(Blueprint.ListenerTLS.ClientCertificates.Mode.init)
        let header = map.text(Keys.header, .headerName, HTTPText.headerName)
        if !isHTTP, let place = map.keyPlace(Keys.header) {
            problems.error("'header' has a meaning for http only", at: place)
        }
        guard let authorities = map.text(Keys.authorities, .filePath, Self.filePath) else { return nil }
        var clients = Blueprint.ListenerTLS.ClientCertificates(authorities: authorities)
        if let mode { clients.mode = mode }
        clients.header = header
        return clients
    }

    /// Of a pool; nil without TLS.
    func poolTLS(_ map: SectionReader, _ title: String) -> Blueprint.PoolTLS? {
        typealias Keys = Language.PoolTLS
        let title = "the tls of \(title)"
        guard let map = map.part(Language.Pool.tls, Keys.section, title: title) else { return nil }
        var tls = Blueprint.PoolTLS()
        switch map.text(Keys.verify, .filePath, Self.filePath) {
        case nil, "system"?: break
        case "insecure"?: tls.verification = .insecure
        case let path?: tls.verification = .file(path)
        }
        tls.serverName = map.text(Keys.serverName, .hostHeader) { (text) throws(InvalidText) in
            guard case .exact(let name) = try HostPatternText.parse(text) else {
                throw InvalidText("'\(shortened(text))' is no name of a host")
            }
            return name
        }
        let certificate = map.text(Keys.clientCertificate, .filePath, Self.filePath)
        let key = map.text(Keys.clientKey, .filePath, Self.filePath)
        if let certificate, let key {
            tls.clientCertificate = .init(certificate: certificate, key: key)
        } else if certificate != nil || key != nil {
            problems.error("\(title) needs 'client_cert' and 'client_key' together", at: map.place)
        }
        tls.pins = pins(map)
        if tls.verification == .insecure, tls.pins.isEmpty, let node = map.node(Keys.verify) {
            problems.warning(
                "'verify: insecure' believes everybody who takes a server's address: whoever is between can read and "
                    + "change everything", at: node.place)
        }
        return tls
    }

    private func pins(_ map: SectionReader) -> [String] {
        (map.items(Language.PoolTLS.pins) ?? []).compactMap { node in
            reader.text(node, .pin) { (text) throws(InvalidText) in
                let isHexadecimal = text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (97...102).contains(byte | 0x20)
                }
                guard text.utf8.count == 64, isHexadecimal else {
                    throw InvalidText("'\(shortened(text))' is not \(TextForm.pin.what)")
                }
                return text.lowercased()
            }
        }
    }
}
