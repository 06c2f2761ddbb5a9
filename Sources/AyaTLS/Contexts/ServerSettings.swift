/// What a listener asks of TLS.
package struct ServerSettings: Sendable {
    package enum Version: Sendable { case tls12, tls13 }

    package enum ClientCertificates: Sendable {
        case optional(authorities: String)
        case required(authorities: String)

        var authorities: String {
            switch self {
            case .optional(let path), .required(let path): path
            }
        }
    }

    /// Sessions of one name are not resumed under another.
    package var name: String
    package var minimum: Version
    /// Application protocols (RFC 7301), in Aya's order.
    package var protocols: [String]
    package var clientCertificates: ClientCertificates?
    /// Nil: no session is ever resumed.
    package var tickets: TicketKeys?
    /// Requests may come before the handshake's end, by whoever recorded them.
    package var earlyData = false
    /// Every ClientHello gets its fingerprint.
    package var fingerprints = false

    package init(
        name: String, minimum: Version = .tls12, protocols: [String] = [],
        clientCertificates: ClientCertificates? = nil, tickets: TicketKeys? = TicketKeys()
    ) {
        self.name = name
        self.minimum = minimum
        self.protocols = protocols
        self.clientCertificates = clientCertificates
        self.tickets = tickets
    }
}
