internal import AyaConfig
internal import AyaTLS

/// What the TLS of a pool is made of. While nothing of this changes, its connections go on as they are.
struct PoolSource: Equatable {
    let tls: Blueprint.PoolTLS
    let serverProtocol: Blueprint.ServerProtocol
    /// What the connections carry is not known.
    let isStream: Bool
    /// When each of its files was changed.
    private let changes: [Int64]

    /// Nil without TLS.
    init?(_ pool: Blueprint.Pool, isStream: Bool) {
        guard let tls = pool.tls else { return nil }
        self.tls = tls
        serverProtocol = pool.serverProtocol
        self.isStream = isStream
        var files = [tls.clientCertificate?.certificate, tls.clientCertificate?.key]
        if case .file(let path) = tls.verification { files.append(path) }
        changes = files.compactMap { $0.map(PrivateFile.modified) }
    }
}
