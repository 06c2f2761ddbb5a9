internal import AyaReactor
internal import CNIOBoringSSL
internal import Synchronization

/// Signs with a large RSA key on another thread: such a signature takes milliseconds, in which a worker serves dozens
/// of exchanges. Keys of up to 2048 bits sign on the worker, in less time than the detour is worth.
@safe final class RSASigner: @unchecked Sendable {
    // Safe: the key is immutable, and the library counts its references atomically.
    private let key: OpaquePointer

    /// Nil for keys that sign quickly.
    init?(_ key: OpaquePointer) {
        guard unsafe EVP_PKEY_id(key) == EVP_PKEY_RSA, unsafe EVP_PKEY_bits(key) > 2048 else { return nil }
        unsafe EVP_PKEY_up_ref(key)
        unsafe self.key = key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func install(in credential: OpaquePointer) -> Bool {
        unsafe SSL_CREDENTIAL_set_ex_data(credential, Self.slot, Unmanaged.passUnretained(self).toOpaque()) == 1
            && SSL_CREDENTIAL_set_private_key_method(credential, Self.method) == 1
    }

    /// One signature on its way; the connection holds it until it is done.
    final class Signature: Sendable {
        enum State {
            case running
            case done([UInt8])
            case failed
        }
        private let state = Mutex(State.running)
        var current: State { state.withLock { $0 } }
        func set(_ new: State) { state.withLock { $0 = new } }
    }

    private static let slot = SSL_CREDENTIAL_get_ex_new_index(0, nil, nil, nil, nil)

    // Safe: written once, before anybody can read it, and never freed.
    nonisolated(unsafe) private static let method: UnsafePointer<SSL_PRIVATE_KEY_METHOD> = {
        let method = UnsafeMutablePointer<SSL_PRIVATE_KEY_METHOD>.allocate(capacity: 1)
        unsafe method.initialize(
            to: SSL_PRIVATE_KEY_METHOD(
                sign: { ssl, _, _, _, algorithm, bytes, count in
                    guard let ssl = unsafe ssl, let connection = unsafe TLSConnection.of(ssl),
                        let signer = unsafe RSASigner.of(ssl)
                    else { return ssl_private_key_failure }
                    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
                    connection.signature = signer.begin(input, algorithm, for: connection)
                    return ssl_private_key_retry
                },
                decrypt: { _, _, _, _, _, _ in ssl_private_key_failure },
                complete: { ssl, out, count, capacity in
                    guard let ssl = unsafe ssl, let connection = unsafe TLSConnection.of(ssl),
                        let signature = connection.signature
                    else { return ssl_private_key_failure }
                    switch signature.current {
                    case .running: return ssl_private_key_retry
                    case .failed: return ssl_private_key_failure
                    case .done(let bytes):
                        connection.signature = nil
                        guard bytes.count <= capacity, let out = unsafe out else { return ssl_private_key_failure }
                        unsafe out.update(from: bytes, count: bytes.count)
                        unsafe count?.pointee = bytes.count
                        return ssl_private_key_success
                    }
                }))
        return unsafe UnsafePointer(method)
    }()

    private static func of(_ ssl: OpaquePointer) -> RSASigner? {
        guard let credential = unsafe SSL_get0_selected_credential(ssl),
            let pointer = unsafe SSL_CREDENTIAL_get_ex_data(credential, slot)
        else { return nil }
        // Safe: the certificate that owns the credential owns the signer too, and the connection's context both.
        return unsafe Unmanaged<RSASigner>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func begin(_ input: [UInt8], _ algorithm: UInt16, for connection: TLSConnection) -> Signature {
        let signature = Signature()
        // Safe: the waiter is touched again only on its worker, by the message.
        nonisolated(unsafe) let waiter = connection.waiter
        let executor = unsafe waiter?.worker.executor
        SigningThreads.shared.run {
            signature.set(self.sign(input, algorithm).map { .done($0) } ?? .failed)
            executor?.post { _ in unsafe waiter?.wake() }
        }
        return signature
    }

    private func sign(_ input: [UInt8], _ algorithm: UInt16) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var keyContext: OpaquePointer?
        let digest = unsafe SSL_get_signature_algorithm_digest(algorithm)
        guard unsafe EVP_DigestSignInit(context, &keyContext, digest, nil, key) == 1 else { return nil }
        if SSL_is_signature_algorithm_rsa_pss(algorithm) == 1 {
            // RFC 8446 section 4.2.3: the salt is as long as the digest, which -1 stands for.
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, -1) == 1
            else { return nil }
        }
        var count = 0
        guard unsafe EVP_DigestSign(context, nil, &count, input, input.count) == 1 else { return nil }
        var out = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &out, &count, input, input.count) == 1 else { return nil }
        return Array(out.prefix(count))
    }
}
