internal import AyaCore

extension Language {
    /// Of a listener.
    package enum ListenerTLS {
        static let certificates = Key(
            "certificates", .list(of: .section(CertificateFiles.section)),
            """
            Certificates, chosen by the name that a client asks for, and by its algorithms where several are for one \
            name. Clients that ask for no name, or for an unknown one, get the first.
            """)
        static let automatic = Key(
            "auto", .section(Automatic.section),
            """
            Certificates come from an authority on the network by ACME, and are renewed. `{}` asks Let's Encrypt for \
            the hosts of the routes.
            """)
        static let isInternal = Key(
            "internal", .boolean, default: "false",
            """
            Certificates come from an authority of this machine's own, for development. `aya ca print` prints its \
            root, which browsers have to be told to trust.
            """)
        static let hosts = Key(
            "hosts", .list(of: .text(.host)),
            "Whom `auto` or `internal` get certificates for; by default the hosts of routes, or of `sni` (tcp).")
        static let profile = Key(
            "profile", .word(Blueprint.TLSProfile.allCases.map(\.rawValue)), default: "intermediate",
            "Mozilla's recommendation: `intermediate` (TLS 1.3 and 1.2) or `modern` (TLS 1.3 only).")
        static let minimumVersion = Key(
            "min_version", .word(Blueprint.TLSVersion.allCases.map(\.rawValue)), default: "1.2",
            "The oldest version that is spoken.")
        static let clientCertificates = Key(
            "client_certificates", .part(.section(ClientCertificates.section)), default: "off",
            "Clients show who they are.")
        static let tickets = Key(
            "tickets", .part(.section(Tickets.section)),
            "How sessions are resumed; on by default. `off` makes every handshake a full one.")
        static let earlyData = Key(
            "early_data", .boolean, default: "false",
            """
            Requests with safe methods may come before the handshake's end (0-RTT, http). Whoever recorded them can \
            send them again; servers are told by `Early-Data: 1` (RFC 8470).
            """)
        static let stapling = Key(
            "stapling", .boolean, default: "true",
            """
            OCSP answers for certificates that name a responder are fetched, and shown with them. Without it only \
            those from files are shown.
            """)
        package static let section = Section(
            "listener TLS", "TLS towards clients.",
            [
                certificates, automatic, isInternal, hosts, profile, minimumVersion, clientCertificates, tickets,
                earlyData, stapling,
            ])
    }

    package enum CertificateFiles {
        static let certificate = Key(
            "cert", .text(.filePath), required: true, "PEM: the certificate, then the chain that leads to its issuer.")
        static let key = Key(
            "key", .text(.filePath), required: true, "PEM: its private key, not encrypted.")
        static let ocsp = Key(
            "ocsp", .text(.filePath), "DER: an OCSP answer that is shown with it (stapling).")
        package static let section = Section("certificate", "A certificate and its key.", [certificate, key, ocsp])
    }

    package enum ClientCertificates {
        static let mode = Key(
            "mode", .word(Blueprint.ListenerTLS.ClientCertificates.Mode.allCases.map(\.rawValue)), default: "require",
            "`require`: no handshake without one. `optional`: one that is shown must be good.")
        static let authorities = Key(
            "ca", .text(.filePath), required: true, "PEM: the certificates of those who issue them.")
        static let header = Key(
            "header", .text(.headerName),
            """
            Servers get the certificate's subject (RFC 2253) in this header. Clients' own of that name is dropped on \
            every listener (http).
            """)
        package static let section = Section(
            "client certificates", "Clients show who they are.", [mode, authorities, header])
    }

    package enum Tickets {
        static let keyFile = Key(
            "key_file", .text(.filePath),
            """
            Keys that a fleet shares: one or more of 80 random bytes, the newest first; a changed file is read \
            within half a minute. Without it keys are this process's own and change every 12 hours.
            """)
        package static let section = Section("tickets", "How sessions are resumed.", [keyFile])
    }

    /// Of a pool.
    package enum PoolTLS {
        static let verify = Key(
            "verify", .anyOf([.word(["system", "insecure"]), .text(.filePath)]), default: "system",
            """
            Whom servers' certificates must be issued by: `system`, those that the system trusts, or a file of \
            certificates in PEM. `insecure` believes everybody.
            """)
        static let serverName = Key(
            "sni", .text(.hostHeader),
            "The name that is asked for and that the certificate must have; by default the one in the server's address."
        )
        static let clientCertificate = Key(
            "client_cert", .text(.filePath), "PEM: the certificate that Aya shows to servers that ask for one.")
        static let clientKey = Key("client_key", .text(.filePath), "PEM: its private key, not encrypted.")
        static let pins = Key(
            "pin", .list(of: .text(.pin)), default: "[]",
            """
            SHA-256 of public keys (SubjectPublicKeyInfo), 64 hexadecimal digits each: the server's must be one of \
            them.
            """)
        package static let section = Section(
            "pool TLS", "TLS towards servers. `{}` verifies them as a browser would.",
            [verify, serverName, clientCertificate, clientKey, pins])
    }
}

extension TextForm {
    static let pin = TextForm(
        "pin", "the SHA-256 of a public key, 64 hexadecimal digits", pattern: "^[0-9A-Fa-f]{64}$")
}
