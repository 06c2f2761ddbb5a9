internal import AyaCore

extension YAMLWriter {
    mutating func write(_ tls: Blueprint.ListenerTLS) {
        typealias Keys = Language.ListenerTLS
        map(Keys.certificates) { writer in
            for files in tls.certificates {
                writer.item { writer in
                    writer.text(Language.CertificateFiles.certificate, files.certificate)
                    writer.text(Language.CertificateFiles.key, files.key)
                    if let ocsp = files.ocsp { writer.text(Language.CertificateFiles.ocsp, ocsp) }
                }
            }
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
