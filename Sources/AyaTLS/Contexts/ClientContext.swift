package import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// What a pool asks of TLS.
package struct ClientSettings: Sendable {
    package enum Verification: Sendable {
        /// Against the authorities that the system trusts.
        case system
        case file(String)
        /// Not at all.
        case nobody
    }

    package var verification = Verification.system
    /// What is shown to servers that ask.
    package var certificate: Certificate?
    /// Application protocols (RFC 7301); empty: none are offered.
    package var protocols: [String] = []
    /// SHA-256 of public keys, of which the server's must be one; empty: any.
    package var pins: [[UInt8]] = []

    package init() {}
}

/// TLS as it is spoken to the servers of a pool: one for all workers, made once.
@safe package final class ClientContext: @unchecked Sendable {
    // Safe: the library guards a context that several threads make connections from; it is not changed after init.
    private let context: OpaquePointer
    private let verifies: Bool
    private let pins: [[UInt8]]
    /// Keeps the signer of a large key.
    private let certificate: Certificate?

    private static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """
    /// A key share of the first is in the first message: the small one, which every server understands.
    private static let groups = "X25519:P-256:X25519MLKEM768:P-384"
    /// Where distributions keep the authorities that they trust.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    package init(_ settings: ClientSettings) throws(CertificateFault) {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw CertificateFault("out of memory") }
        unsafe self.context = context
        pins = settings.pins
        certificate = settings.certificate
        if case .nobody = settings.verification { verifies = false } else { verifies = true }
        let protocols = settings.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        var works =
            unsafe SSL_CTX_set_min_proto_version(context, UInt16(TLS1_2_VERSION)) == 1
            && SSL_CTX_set_max_proto_version(context, UInt16(TLS1_3_VERSION)) == 1
            && SSL_CTX_set_strict_cipher_list(context, Self.ciphers) == 1
            && SSL_CTX_set1_groups_list(context, Self.groups) == 1
            // Zero is success here, unlike anywhere else in the library.
            && (protocols.isEmpty || SSL_CTX_set_alpn_protos(context, protocols, protocols.count) == 0)
        if let certificate {
            works = unsafe works && SSL_CTX_add1_credential(context, certificate.credential) == 1
        }
        unsafe SSL_CTX_set_mode(
            context, UInt32(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        guard works else {
            throw CertificateFault(unsafe aya_last_error().map { unsafe String(cString: $0) } ?? "")
        }
        switch settings.verification {
        case .nobody: break
        case .file(let path): try trust(path)
        case .system:
            guard let path = Self.systemFiles.first(where: SecretFile.exists) else {
                throw CertificateFault("the system has no file of trusted authorities (ca-certificates)")
            }
            try trust(path)
        }
        unsafe SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL)
        unsafe SSL_CTX_sess_set_new_cb(context) { ssl, session in
            guard let ssl = unsafe ssl, let session = unsafe session,
                let sessions = unsafe TLSConnection.of(ssl)?.sessions
            else { return 0 }
            unsafe sessions.put(session)
            return 1
        }
    }

    deinit { unsafe SSL_CTX_free(context) }

    private func trust(_ path: String) throws(CertificateFault) {
        let authorities = PEM.certificates(try SecretFile(path).bytes)
        guard !authorities.isEmpty else { throw CertificateFault("'\(path)' holds no certificate in PEM form") }
        let store = unsafe SSL_CTX_get_cert_store(context)
        for authority in authorities { unsafe X509_STORE_add_cert(store, authority.pointer) }
        // Whoever names a file means what is in it, an intermediate or a server's own certificate too.
        unsafe X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), UInt(X509_V_FLAG_PARTIAL_CHAIN))
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    }

    /// What is to become a connection to that target, without anything on which to send.
    fileprivate func open(for target: TLSTarget) throws(TLSFailure) -> OpaquePointer {
        guard let ssl = unsafe SSL_new(context) else { throw TLSFailure(.memory) }
        unsafe SSL_set_connect_state(ssl)
        unsafe SSL_set_shed_handshake_config(ssl, 1)
        var works = true
        if target.isAddress {
            if verifies {
                works = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), target.name) == 1
            }
        } else if !target.name.isEmpty {
            works = unsafe SSL_set_tlsext_host_name(ssl, target.name) == 1
            if verifies {
                works =
                    unsafe works
                    && X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), target.name, target.name.utf8.count) == 1
            }
        }
        guard works else {
            unsafe SSL_free(ssl)
            throw TLSFailure(.certificate, "'\(target.name)' is no name that a certificate could have")
        }
        return unsafe ssl
    }

    fileprivate func connect(
        _ socket: Socket, to target: TLSTarget, sessions: TLSSessions?
    ) throws(TLSFailure) -> TLSConnection {
        let ssl = unsafe try open(for: target)
        if let session = unsafe sessions?.take() {
            unsafe SSL_set_session(ssl, session)
            unsafe SSL_SESSION_free(session)
        }
        let connection = unsafe try TLSConnection(
            ssl, descriptor: socket.descriptor, buffers: socket.worker.buffers, context: self)
        connection.sessions = sessions
        connection.pins = pins
        // Nothing comes before the ClientHello is out.
        socket.put(connection, mayHaveBytes: false)
        return connection
    }
}

/// Whom to expect at a server's address.
package struct TLSTarget: Sendable, Equatable {
    private let context: ClientContext
    /// In the certificate, and, unless it is an address, in the ClientHello; empty: anybody that the pool trusts.
    let name: String
    let isAddress: Bool

    package init(_ context: ClientContext, name: String, isAddress: Bool) {
        self.context = context
        self.name = name
        self.isAddress = isAddress
    }

    /// With the same context, not one like it.
    package static func == (one: TLSTarget, other: TLSTarget) -> Bool {
        one.context === other.context && one.name == other.name && one.isAddress == other.isAddress
    }

    /// TLS for a connection that was opened, or is about to be, and puts it on the socket.
    package func connect(_ socket: Socket, sessions: TLSSessions? = nil) throws(TLSFailure) -> TLSConnection {
        try context.connect(socket, to: self, sessions: sessions)
    }

    /// The same for a socket whose calls wait; returns when hands are shaken.
    package func connect(waitingOn descriptor: Int32) throws(TLSFailure) -> BlockingTLS {
        let ssl = unsafe try context.open(for: self)
        return unsafe try BlockingTLS(ssl, descriptor, context: context)
    }
}
