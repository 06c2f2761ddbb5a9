package import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// TLS as a listener speaks it: one for all workers, made once.
///
/// Versions, ciphers and groups are Mozilla's "intermediate" or, without TLS 1.2, "modern"; which certificate a client
/// gets is looked up in the store for each handshake.
@safe package final class ServerContext: @unchecked Sendable {
    // Safe: the library guards a context that several threads make connections from; it is not changed after init.
    private let context: OpaquePointer
    package let certificates: CertificateStore
    let ticketKeys: TicketKeys?
    /// Protocol names, each behind its length.
    private let protocols: [UInt8]
    private let takesFingerprints: Bool

    /// Mozilla's intermediate list without finite-field Diffie-Hellman, which no client of the last decade needs.
    private static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """
    private static let groups = "X25519MLKEM768:X25519:P-256:P-384"

    package init(_ settings: ServerSettings, certificates: CertificateStore) throws(CertificateFault) {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else { throw CertificateFault("out of memory") }
        unsafe self.context = context
        self.certificates = certificates
        ticketKeys = settings.tickets
        takesFingerprints = settings.fingerprints
        protocols = settings.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        unsafe SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
        let minimum = UInt16(settings.minimum == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION)
        var works =
            unsafe SSL_CTX_set_min_proto_version(context, minimum) == 1
            && SSL_CTX_set_max_proto_version(context, UInt16(TLS1_3_VERSION)) == 1
            && SSL_CTX_set_strict_cipher_list(context, Self.ciphers) == 1
            && SSL_CTX_set1_groups_list(context, Self.groups) == 1
        unsafe SSL_CTX_set_mode(
            context, UInt32(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        let name = Array(settings.name.utf8.prefix(32))
        works = unsafe works && SSL_CTX_set_session_id_context(context, name, name.count) == 1
        guard works else { throw CertificateFault(Self.lastError) }
        setTickets(settings)
        if let clients = settings.clientCertificates { try ask(clients) }
        setCallbacks()
    }

    deinit { unsafe SSL_CTX_free(context) }

    private static var lastError: String { unsafe aya_last_error().map { unsafe String(cString: $0) } ?? "" }

    private func setTickets(_ settings: ServerSettings) {
        // Sessions live in tickets alone: a cache would be shared by the workers, behind a lock.
        unsafe SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF)
        unsafe SSL_CTX_set_timeout(context, UInt32(TicketKeys.lifetime))
        unsafe SSL_CTX_set_session_psk_dhe_timeout(context, UInt32(TicketKeys.lifetime))
        // Each connection brings a ticket for one more.
        unsafe SSL_CTX_set_num_tickets(context, 1)
        if let keys = settings.tickets {
            unsafe keys.install(in: context)
        } else {
            unsafe SSL_CTX_set_options(context, UInt32(SSL_OP_NO_TICKET))
            unsafe SSL_CTX_set_num_tickets(context, 0)
        }
        unsafe SSL_CTX_set_early_data_enabled(context, settings.earlyData ? 1 : 0)
    }

    private func ask(_ clients: ServerSettings.ClientCertificates) throws(CertificateFault) {
        let path = clients.authorities
        let authorities = PEM.certificates(try SecretFile(path).bytes)
        guard !authorities.isEmpty else {
            throw CertificateFault("'\(path)' holds no certificate in PEM form")
        }
        let store = unsafe SSL_CTX_get_cert_store(context)
        for authority in authorities {
            unsafe X509_STORE_add_cert(store, authority.pointer)
            unsafe SSL_CTX_add_client_CA(context, authority.pointer)
        }
        var mode = SSL_VERIFY_PEER
        if case .required = clients { mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT }
        unsafe SSL_CTX_set_verify(context, mode, nil)
    }

    /// The context that a callback of the library is about.
    static func of(_ context: OpaquePointer?) -> ServerContext? {
        // Safe: connections keep their context.
        guard let context = unsafe context, let pointer = unsafe SSL_CTX_get_ex_data(context, 0) else { return nil }
        return unsafe Unmanaged<ServerContext>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func setCallbacks() {
        unsafe SSL_CTX_set_select_certificate_cb(context) { hello in
            guard let hello = unsafe hello, let ssl = unsafe hello.pointee.ssl,
                let context = unsafe ServerContext.of(SSL_get_SSL_CTX(ssl))
            else { return ssl_select_cert_error }
            return unsafe context.chooseCertificate(hello, ssl)
        }
        unsafe SSL_CTX_set_alpn_select_cb(
            context,
            { ssl, chosen, count, offered, offeredCount, _ in
                guard let ssl = unsafe ssl, let chosen = unsafe chosen, let count = unsafe count,
                    let context = unsafe ServerContext.of(SSL_get_SSL_CTX(ssl))
                else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                if unsafe TLSConnection.of(ssl)?.isChallenge == true, let offered = unsafe offered {
                    unsafe chosen.pointee = offered + 1
                    unsafe count.pointee = offered.pointee
                    return SSL_TLSEXT_ERR_OK
                }
                return unsafe context.chooseProtocol(
                    UnsafeBufferPointer(start: offered, count: Int(offeredCount)), chosen, count)
            }, nil)
    }

    private func chooseCertificate(
        _ hello: UnsafePointer<SSL_CLIENT_HELLO>, _ ssl: OpaquePointer
    ) -> ssl_select_cert_result_t {
        if takesFingerprints, let connection = unsafe TLSConnection.of(ssl) {
            let message = unsafe UnsafeBufferPointer(
                start: hello.pointee.client_hello, count: hello.pointee.client_hello_len)
            connection.fingerprint = unsafe Fingerprint(hello: message.span).map { Array($0.ja4.utf8) }
        }
        let name = unsafe Self.serverName(hello)
        if unsafe Self.asksForChallenge(hello), let certificate = certificates.challenge(name) {
            unsafe TLSConnection.of(ssl)?.isChallenge = true
            // An authority has no certificate to show; it gets nothing but the handshake.
            unsafe SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
            return unsafe SSL_add1_credential(ssl, certificate.credential) == 1
                ? ssl_select_cert_success : ssl_select_cert_error
        }
        if let demand = certificates.demand, !certificates.knows(name),
            demand.waits(for: name, unsafe TLSConnection.of(ssl)?.waiter, now: Certificate.now())
        {
            return ssl_select_cert_retry
        }
        for certificate in certificates.find(name) {
            guard unsafe SSL_add1_credential(ssl, certificate.credential) == 1 else { return ssl_select_cert_error }
        }
        return ssl_select_cert_success
    }

    private static let challengeProtocol = Array("acme-tls/1".utf8)

    /// It offers the protocol of challenges, and no other (RFC 8737 section 3).
    private static func asksForChallenge(_ hello: UnsafePointer<SSL_CLIENT_HELLO>) -> Bool {
        var start: UnsafePointer<UInt8>?
        var count = 0
        let type = UInt16(TLSEXT_TYPE_application_layer_protocol_negotiation)
        guard unsafe SSL_early_callback_ctx_extension_get(hello, type, &start, &count) == 1,
            count == challengeProtocol.count + 3
        else { return false }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        return unsafe bytes[2] == UInt8(challengeProtocol.count) && bytes[3...].elementsEqual(challengeProtocol)
    }

    /// In lower case; empty when the client names nobody.
    private static func serverName(_ hello: UnsafePointer<SSL_CLIENT_HELLO>) -> String {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard
            unsafe SSL_early_callback_ctx_extension_get(hello, UInt16(TLSEXT_TYPE_server_name), &start, &count) == 1
        else { return "" }
        // The library has the list's structure checked after this callback: a name that is none is nobody's.
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        guard count > 5, unsafe bytes[2] == 0 else { return "" }
        let length = unsafe Int(bytes[3]) << 8 | Int(bytes[4])
        guard length == count - 5, length <= 255 else { return "" }
        return unsafe String(decoding: bytes[5...], as: UTF8.self).lowercased()
    }

    private func chooseProtocol(
        _ offered: UnsafeBufferPointer<UInt8>, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>,
        _ count: UnsafeMutablePointer<UInt8>
    ) -> Int32 {
        var at = 0
        while at < protocols.count {
            let length = Int(protocols[at])
            let name = protocols[at + 1..<at + 1 + length]
            var position = 0
            while position < offered.count {
                let size = unsafe Int(offered[position])
                let start = position + 1
                guard start + size <= offered.count else { break }
                if size == length, unsafe offered[start..<start + size].elementsEqual(name) {
                    unsafe chosen.pointee = offered.baseAddress.map { unsafe $0 + start }
                    unsafe count.pointee = UInt8(size)
                    return SSL_TLSEXT_ERR_OK
                }
                position = start + size
            }
            at += 1 + length
        }
        // RFC 7301 section 3.2. Who speaks whatever comes agrees to nothing.
        return protocols.isEmpty ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_ALERT_FATAL
    }

    /// TLS for an accepted connection, and puts it on the socket.
    package func accept(_ socket: Socket) throws(TLSFailure) -> TLSConnection {
        guard let ssl = unsafe SSL_new(context) else { throw TLSFailure(.memory) }
        unsafe SSL_set_accept_state(ssl)
        unsafe SSL_set_shed_handshake_config(ssl, 1)
        let connection = unsafe try TLSConnection(
            ssl, descriptor: socket.descriptor, buffers: socket.worker.buffers, context: self)
        socket.put(connection)
        return connection
    }
}
