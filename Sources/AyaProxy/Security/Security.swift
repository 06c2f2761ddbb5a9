package import AyaConfig
internal import AyaCore
package import AyaTLS

/// The TLS of a snapshot: contexts of its listeners, made once and shared by all workers.
package struct Security: Sendable {
    /// By listener; nil without TLS.
    package let listeners: [ServerContext?]
    /// By pool and server; nil without TLS.
    package let pools: [[TLSTarget]?]
    /// What is legal but risky about certificates and keys, with the listener's or pool's name.
    package let warnings: [String]

    /// Without TLS anywhere.
    package init(none blueprint: Blueprint) {
        listeners = blueprint.listeners.map { _ in nil }
        pools = blueprint.pools.map { _ in nil }
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
        var pools: [[TLSTarget]?] = []
        let ofStreams = Set(blueprint.listeners.flatMap { $0.kind.tcpPools })
        for pool in blueprint.pools {
            let title = "pool '\(pool.name)'"
            do throws(CertificateFault) {
                let isStream = ofStreams.contains(pool.name)
                pools.append(
                    try pool.tls.map { tls throws(CertificateFault) in
                        try Self.targets(tls, of: pool, isStream: isStream, title, &warnings)
                    })
            } catch {
                throw Fault(description: "\(title): \(error)")
            }
        }
        self.pools = pools
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
        if case .http = listener.kind { settings.protocols = ["h2", "http/1.1"] }
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

    private static func targets(
        _ tls: Blueprint.PoolTLS, of pool: Blueprint.Pool, isStream: Bool, _ title: String, _ warnings: inout [String]
    ) throws(CertificateFault) -> [TLSTarget] {
        var settings = ClientSettings()
        switch tls.verification {
        case .system: settings.verification = .system
        case .file(let path): settings.verification = .file(path)
        case .insecure: settings.verification = .nobody
        }
        if let files = tls.clientCertificate {
            let certificate = try Certificate(certificate: files.certificate, key: files.key)
            warnings += certificate.warnings.map { "\(title): \($0)" }
            settings.certificate = certificate
        }
        settings.pins = tls.pins.map(Self.bytes)
        // What a stream carries is not known here.
        if !isStream { settings.protocols = ["http/1.1"] }
        let context = try ClientContext(settings)
        return pool.servers.map { server in
            if let name = tls.serverName { return TLSTarget(context, name: name, isAddress: false) }
            switch server.address {
            case .address(let address): return TLSTarget(context, name: "\(address.ip)", isAddress: true)
            case .name(let name, _): return TLSTarget(context, name: name, isAddress: false)
            case .unix: return TLSTarget(context, name: "", isAddress: false)
            }
        }
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.map { $0 < 58 ? $0 &- 48 : ($0 | 0x20) &- 87 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension Blueprint.Listener.Kind {
    /// The pools that a TCP listener hands its sessions to.
    fileprivate var tcpPools: [String] {
        guard case .tcp(let pool, let rules) = self else { return [] }
        return (pool.map { [$0] } ?? []) + rules.map(\.pool)
    }
}
