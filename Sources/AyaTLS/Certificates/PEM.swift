internal import CNIOBoringSSL

/// Certificates and keys out of PEM text (RFC 7468).
enum PEM {
    /// Every certificate of a text, in its order.
    static func certificates(_ text: [UInt8]) -> [ParsedCertificate] {
        guard let source = unsafe BIO_new_mem_buf(text, text.count) else { return [] }
        defer {
            unsafe BIO_free(source)
            ERR_clear_error()
        }
        var found: [ParsedCertificate] = []
        while let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) {
            unsafe found.append(ParsedCertificate(certificate))
        }
        return found
    }

    @unsafe enum Key {
        case key(OpaquePointer)
        case encrypted
        case none
    }

    /// The first private key of a text. The caller frees it.
    static func privateKey(_ text: [UInt8]) -> Key {
        guard let source = unsafe BIO_new_mem_buf(text, text.count) else { return unsafe .none }
        defer {
            unsafe BIO_free(source)
            ERR_clear_error()
        }
        var isEncrypted = false
        let key = unsafe withUnsafeMutablePointer(to: &isEncrypted) { flag in
            unsafe PEM_read_bio_PrivateKey(
                source, nil,
                { _, _, _, flag in
                    unsafe flag?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, flag)
        }
        if let key = unsafe key { return unsafe .key(key) }
        return unsafe isEncrypted ? .encrypted : .none
    }
}
