extension Blueprint {
    /// Where a listener gets certificates from without an operator's doing.
    package enum CertificateIssuer: Hashable, Sendable {
        /// An authority of this machine's own, for development.
        case local(hosts: [HostPattern])
        /// An authority that speaks ACME (RFC 8555).
        case automatic(Automatic)

        /// Whom certificates are for.
        package var hosts: [HostPattern] {
            get {
                switch self {
                case .local(let hosts): hosts
                case .automatic(let automatic): automatic.hosts
                }
            }
            set {
                switch self {
                case .local: self = .local(hosts: newValue)
                case .automatic(var automatic):
                    automatic.hosts = newValue
                    self = .automatic(automatic)
                }
            }
        }
    }

    /// Certificates for names that nobody has written down.
    package struct OnDemand: Hashable, Sendable {
        /// Who says whether a name may have one: an http or https URL.
        package var ask: String
        /// Orders in an hour, and names in all.
        package var hourly = 10
        package var most = 1000

        package init(ask: String) { self.ask = ask }
    }

    /// How certificates are got by ACME.
    package struct Automatic: Hashable, Sendable {
        package static let production = "https://acme-v02.api.letsencrypt.org/directory"
        package static let staging = "https://acme-staging-v02.api.letsencrypt.org/directory"

        package var hosts: [HostPattern] = []
        /// Whom the authority writes to.
        package var email: String?
        /// Where the authority is: the URL of its directory.
        package var directory = production
        /// A file of certificates that the authority's own must lead to; nil: what the system trusts.
        package var authorities: String?
        package var challenge = Challenge.tlsALPN
        /// A program and its arguments that puts records into DNS.
        package var hook: [String] = []
        /// An account with the authority that was opened elsewhere.
        package var externalAccount: ExternalAccount?
        /// Names that clients ask for may get a certificate too; nil: only hosts do.
        package var onDemand: OnDemand?

        package init() {}

        /// How control over a host is proved.
        package enum Challenge: String, Hashable, Sendable, CaseIterable {
            /// By a certificate on the listener itself (RFC 8737).
            case tlsALPN = "tls-alpn-01"
            /// By a file on port 80.
            case http = "http-01"
            /// By a record in DNS.
            case dns = "dns-01"
        }

        package struct ExternalAccount: Hashable, Sendable {
            package var keyID: String
            /// In base64url, or `file:` and a path.
            package var secret: String
            package init(keyID: String, secret: String) {
                self.keyID = keyID
                self.secret = secret
            }
        }
    }
}
