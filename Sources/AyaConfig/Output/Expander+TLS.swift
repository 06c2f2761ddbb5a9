internal import AyaCore

extension YAMLWriter {
    mutating func write(_ tls: Blueprint.ListenerTLS) {
        typealias Keys = Language.ListenerTLS
        if !tls.certificates.isEmpty { write(tls.certificates) }
        switch tls.issuer {
        case nil: break
        case .local: boolean(Keys.isInternal, true)
        case .automatic(let automatic): map(Keys.automatic) { $0.write(automatic) }
        }
        if let hosts = tls.issuer?.hosts, !hosts.isEmpty {
            map(Keys.hosts) { writer in for host in hosts { writer.item("\(host)") } }
        }
        word(Keys.profile, tls.profile.rawValue)
        text(Keys.minimumVersion, tls.minimumVersion.rawValue)
        part(Keys.clientCertificates, tls.clientCertificates) { writer, clients in
            writer.word(Language.ClientCertificates.mode, clients.mode.rawValue)
            writer.text(Language.ClientCertificates.authorities, clients.authorities)
            if let header = clients.header { writer.text(Language.ClientCertificates.header, header) }
        }
        switch tls.tickets {
        case nil: word(Keys.tickets, "off")
        case let tickets?:
            if let file = tickets.keyFile {
                map(Keys.tickets) { $0.text(Language.Tickets.keyFile, file) }
            } else {
                word(Keys.tickets, "{}")
            }
        }
        boolean(Keys.earlyData, tls.earlyData)
        boolean(Keys.stapling, tls.staples)
    }

    private mutating func write(_ certificates: [Blueprint.CertificateFiles]) {
        map(Language.ListenerTLS.certificates) { writer in
            for files in certificates {
                writer.item { writer in
                    writer.text(Language.CertificateFiles.certificate, files.certificate)
                    writer.text(Language.CertificateFiles.key, files.key)
                    if let ocsp = files.ocsp { writer.text(Language.CertificateFiles.ocsp, ocsp) }
                }
            }
        }
    }

    private mutating func write(_ automatic: Blueprint.Automatic) {
        typealias Keys = Language.Automatic
        if let email = automatic.email { text(Keys.email, email) }
        text(Keys.directory, automatic.directory)
        text(Keys.verify, automatic.authorities ?? "system")
        word(Keys.challenge, automatic.challenge.rawValue)
        if !automatic.hook.isEmpty {
            map(Keys.hook) { writer in for word in automatic.hook { writer.item(word) } }
        }
        if let account = automatic.externalAccount {
            map(Keys.externalAccount) { writer in
                writer.text(Language.ExternalAccount.keyID, account.keyID)
                writer.text(Language.ExternalAccount.secret, account.secret)
            }
        }
        part(Keys.onDemand, automatic.onDemand) { writer, onDemand in
            writer.text(Language.OnDemand.ask, onDemand.ask)
            writer.count(Language.OnDemand.hourly, onDemand.hourly)
            writer.count(Language.OnDemand.most, onDemand.most)
        }
    }

    mutating func write(_ tls: Blueprint.PoolTLS) {
        typealias Keys = Language.PoolTLS
        switch tls.verification {
        case .system: word(Keys.verify, "system")
        case .insecure: word(Keys.verify, "insecure")
        case .file(let path): text(Keys.verify, path)
        }
        if let name = tls.serverName { text(Keys.serverName, name) }
        if let files = tls.clientCertificate {
            text(Keys.clientCertificate, files.certificate)
            text(Keys.clientKey, files.key)
        }
        if tls.pins.isEmpty {
            word(Keys.pins, "[]")
        } else {
            map(Keys.pins) { writer in for pin in tls.pins { writer.item(pin) } }
        }
    }
}
