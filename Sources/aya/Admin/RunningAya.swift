internal import AyaCore
internal import AyaTLS

/// A running Aya as a command reaches it: where it is, whom to take for it, and what it is shown.
struct RunningAya: CustomStringConvertible {
    let address: AdminAddress
    /// For those who are not let in by where they come from.
    var token: String?
    /// Of an address with https.
    private(set) var target: TLSTarget?

    var description: String { address.description }

    /// One that needs no proof of either side.
    init(_ address: AdminAddress) { self.address = address }

    /// - Throws: what is wrong with the files.
    init(_ address: AdminAddress, authority: String?, certificate: (chain: String, key: String)?)
        throws(CertificateFault)
    {
        self.address = address
        guard case .tls(let host, _) = address else { return }
        var settings = ClientSettings()
        settings.protocols = ["http/1.1"]
        if let authority { settings.verification = .file(authority) }
        if let certificate {
            settings.certificate = try Certificate(certificate: certificate.chain, key: certificate.key)
        }
        target = TLSTarget(try ClientContext(settings), name: host, isAddress: IPAddress(host) != nil)
    }

    /// What is shown is seen by whoever is on the way.
    var tellsTokenToTheNetwork: Bool {
        guard token != nil, case .tcp(let host, _) = address else { return false }
        return host != "localhost" && IPAddress(host)?.isLoopback != true
    }
}
