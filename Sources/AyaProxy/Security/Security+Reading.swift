internal import AyaConfig
internal import AyaCore
internal import AyaTLS

extension Security {
    /// Goes through a blueprint and makes what its parts ask of TLS, one fault after the other.
    struct Reading {
        private let blueprint: Blueprint
        private let authority: LocalAuthority?
        private let former: Security?
        let tickets: TicketKeys
        private let fingerprints: Bool
        private let ofStreams: Set<String>
        private(set) var listeners: [ServerContext?] = []
        private(set) var certificates: [ListenerCertificates] = []
        private(set) var pools: [[TLSTarget]?] = []
        private(set) var contexts: [(source: PoolSource, context: ClientContext)?] = []
        private(set) var warnings: [String] = []

        init(_ blueprint: Blueprint, authority: LocalAuthority?, former: Security?, tickets: TicketKeys? = nil) {
            self.blueprint = blueprint
            self.former = former
            self.tickets = former?.tickets ?? tickets ?? TicketKeys()
            self.authority = authority
            fingerprints = !blueprint.accessLogs.isEmpty
            ofStreams = Set(blueprint.listeners.flatMap { $0.kind.tcpPools })
        }

        /// `meet` decides whether a fault is the end of it.
        mutating func readAll<Stop: Error>(_ meet: (Fault) throws(Stop) -> Void) throws(Stop) {
            for listener in blueprint.listeners {
                let title = "listener '\(listener.name)'"
                do throws(CertificateFault) {
                    try read(listener, title)
                } catch {
                    try meet(Fault(description: "\(title): \(error)"))
                }
            }
            for pool in blueprint.pools {
                let title = "pool '\(pool.name)'"
                do throws(CertificateFault) {
                    try read(pool, title)
                } catch {
                    try meet(Fault(description: "\(title): \(error)"))
                }
            }
        }

        private mutating func read(_ listener: Blueprint.Listener, _ title: String) throws(CertificateFault) {
            guard let tls = listener.tls else { return listeners.append(nil) }
            let own = try certificates(tls, of: listener)
            warnings += own.warnings.map { "\(title): \($0)" }
            if let automatic = own.automatic { try read(automatic, title) }
            certificates.append(own)
            listeners.append(try context(tls, of: listener, store: own.store))
        }

        /// Those that are in use, where they are the same: what their files hold now is put into them when the change is
        /// made, but must be usable before.
        private func certificates(
            _ tls: Blueprint.ListenerTLS, of listener: Blueprint.Listener
        ) throws(CertificateFault) -> ListenerCertificates {
            guard let known = former?.certificates.first(where: { $0.isSame(tls, of: listener.name) }) else {
                return try ListenerCertificates(tls, listener: listener.name, authority: authority)
            }
            for files in tls.certificates {
                _ = try Certificate(certificate: files.certificate, key: files.key, ocsp: files.ocsp)
            }
            return known
        }

        /// What is asked for weeks from now shall not be found missing then.
        private mutating func read(_ automatic: Blueprint.Automatic, _ title: String) throws(CertificateFault) {
            if let path = automatic.authorities {
                var settings = ClientSettings()
                settings.verification = .file(path)
                _ = try ClientContext(settings)
            }
            if let program = automatic.hook.first, !PrivateFile.isExecutable(program) {
                warnings.append("\(title): the hook '\(program)' can't be run")
            }
        }

        private func context(
            _ tls: Blueprint.ListenerTLS, of listener: Blueprint.Listener, store: CertificateStore
        ) throws(CertificateFault) -> ServerContext {
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

        private mutating func read(_ pool: Blueprint.Pool, _ title: String) throws(CertificateFault) {
            guard let source = PoolSource(pool, isStream: ofStreams.contains(pool.name)) else {
                contexts.append(nil)
                pools.append(nil)
                return
            }
            let known = former?.contexts.lazy.compactMap(\.self).first { $0.source == source }
            let context = if let known { known.context } else { try self.context(source, title) }
            contexts.append((source, context))
            pools.append(Self.targets(context, of: pool))
        }

        private mutating func context(_ source: PoolSource, _ title: String) throws(CertificateFault) -> ClientContext {
            let tls = source.tls
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
            if !source.isStream { settings.protocols = source.serverProtocol.names }
            return try ClientContext(settings)
        }

        private static func targets(_ context: ClientContext, of pool: Blueprint.Pool) -> [TLSTarget] {
            pool.servers.map { server in
                if let name = pool.tls?.serverName { return TLSTarget(context, name: name, isAddress: false) }
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
}

extension Blueprint.Listener.Kind {
    /// The pools that a TCP listener hands its sessions to.
    fileprivate var tcpPools: [String] {
        guard case .tcp(let pool, let rules) = self else { return [] }
        return (pool.map { [$0] } ?? []) + rules.map(\.pool)
    }
}

extension Blueprint.ServerProtocol {
    /// What is offered by ALPN (RFC 7301), the preferred one first.
    fileprivate var names: [String] {
        switch self {
        case .http: ["http/1.1"]
        case .h2: ["h2"]
        case .auto: ["h2", "http/1.1"]
        }
    }
}
