extension Blueprint {
    /// TLS towards the clients of a listener.
    package struct ListenerTLS: Hashable, Sendable {
        /// The first is for clients that ask for no name, or for an unknown one.
        package var certificates: [CertificateFiles]
        /// Where certificates come from that no file holds; nil: nowhere.
        package var issuer: CertificateIssuer?
        package var profile = TLSProfile.intermediate
        /// The oldest version that is spoken.
        package var minimumVersion = TLSVersion.v12
        /// Nil: clients are asked for none.
        package var clientCertificates: ClientCertificates?
        /// Nil: no session is resumed.
        package var tickets: Tickets? = Tickets()
        /// Requests with safe methods may come before the handshake's end.
        package var earlyData = false
        /// OCSP answers are fetched for certificates that name a responder.
        package var staples = true

        package init(certificates: [CertificateFiles] = []) { self.certificates = certificates }

        package struct ClientCertificates: Hashable, Sendable {
            package enum Mode: String, Hashable, Sendable, CaseIterable { case require, optional }
            package var mode = Mode.require
            /// A file with the certificates of those who issue them.
            package var authorities: String
            /// A header, in lower case, that tells servers the certificate's subject.
            package var header: String?
            package init(authorities: String) { self.authorities = authorities }
        }

        package struct Tickets: Hashable, Sendable {
            /// Keys that a fleet shares; nil: keys of this process's own, changed twice a day.
            package var keyFile: String?
            package init(keyFile: String? = nil) { self.keyFile = keyFile }
        }
    }

    /// A certificate chain, its key, and an OCSP answer to go with it.
    package struct CertificateFiles: Hashable, Sendable {
        package var certificate: String
        package var key: String
        package var ocsp: String?
        package init(certificate: String, key: String, ocsp: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.ocsp = ocsp
        }
    }

    /// Mozilla's recommendations by name.
    package enum TLSProfile: String, Hashable, Sendable, CaseIterable { case intermediate, modern }

    package enum TLSVersion: String, Hashable, Sendable, CaseIterable {
        case v12 = "1.2"
        case v13 = "1.3"
    }

    /// TLS towards the servers of a pool.
    package struct PoolTLS: Hashable, Sendable {
        package enum Verification: Hashable, Sendable {
            /// Against the authorities that the system trusts.
            case system
            case file(String)
            /// Not at all.
            case insecure
        }

        package var verification = Verification.system
        /// The name that is asked for and that the certificate must have; nil: the server's own.
        package var serverName: String?
        /// What Aya shows when a server asks who it is.
        package var clientCertificate: CertificateFiles?
        /// SHA-256 of the keys (SubjectPublicKeyInfo) of which the server's must be one, in lower-case hexadecimal;
        /// empty: any.
        package var pins: [String] = []

        package init() {}
    }
}
