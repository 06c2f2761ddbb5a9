package import AyaConfig
package import AyaTLS

/// The TLS of a snapshot: contexts of its listeners, made once and shared by all workers.
package struct Security: Sendable {
    /// By listener; nil without TLS.
    package let listeners: [ServerContext?]
    /// What is legal but risky about certificates and keys, with the listener's or pool's name.
    package let warnings: [String]

    /// Without TLS anywhere.
    package init(none blueprint: Blueprint) {
        listeners = blueprint.listeners.map { _ in nil }
        warnings = []
    }

    /// Reads every file that the blueprint names.
    package init(_ blueprint: Blueprint) throws(Fault) {
        var listeners: [ServerContext?] = []
        var warnings: [String] = []
        let logsFingerprints = blueprint.accessLog != .off
        let tickets = TicketKeys()
        for listener in blueprint.listeners {
            let title = "listener '\(listener.name)'"
            do throws(CertificateFault) {
                let context = try listener.tls.map { tls throws(CertificateFault) in
                    try Self.context(
                        tls, of: listener, tickets: tickets, fingerprints: logsFingerprints, title, &warnings)
                }
                listeners.append(context)
            } catch {
                throw Fault(description: "\(title): \(error)")
            }
        }
        // Never in the clear what was asked to be secret.
        for pool in blueprint.pools where pool.tls != nil {
            throw Fault(description: "pool '\(pool.name)': TLS to servers is not spoken yet")
        }
        self.listeners = listeners
        self.warnings = warnings
    }

    /// Why it could not be made: which file of whom is wrong, and how.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    private static func context(
        _ tls: Blueprint.ListenerTLS, of listener: Blueprint.Listener, tickets: TicketKeys, fingerprints: Bool,
        _ title: String, _ warnings: inout [String]
    ) throws(CertificateFault) -> ServerContext {
        let store = CertificateStore()
        var owners: [(name: String, certificates: [Certificate])] = []
        for files in tls.certificates {
            let certificate = try Certificate(
                certificate: files.certificate, key: files.key, ocsp: files.ocsp)
            warnings += certificate.warnings.map { "\(title): \($0)" }
            owners.append((files.certificate, [certificate]))
        }
        store.replaceAll(owners)
        var settings = ServerSettings(name: listener.name)
        settings.minimum = tls.minimumVersion == .v13 ? .tls13 : .tls12
        if case .http = listener.kind { settings.protocols = ["http/1.1"] }
        settings.clientCertificates = tls.clientCertificates.map {
            switch $0.mode {
            case .require: .required(authorities: $0.authorities)
            case .optional: .optional(authorities: $0.authorities)
            }
        }
        settings.tickets = try tls.tickets.map { configured throws(CertificateFault) in
            try configured.keyFile.map { file throws(CertificateFault) in try TicketKeys(file: file) } ?? tickets
        }
        settings.earlyData = tls.earlyData
        settings.fingerprints = fingerprints
        return try ServerContext(settings, certificates: store)
    }
}
