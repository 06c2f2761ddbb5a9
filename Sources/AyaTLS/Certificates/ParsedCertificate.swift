internal import CAyaCrypto
internal import CNIOBoringSSL

/// One X.509 certificate as the library holds it.
@safe final class ParsedCertificate {
    // Safe: owned from init to deinit.
    let pointer: OpaquePointer

    /// Takes the reference over.
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe X509_free(pointer) }

    /// Its bytes in DER, for the library's credentials; the caller frees them.
    func makeBuffer() -> OpaquePointer? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_X509(pointer, &bytes)
        defer { unsafe OPENSSL_free(bytes) }
        return unsafe length > 0 ? CRYPTO_BUFFER_new(bytes, Int(length), nil) : nil
    }

    /// The DNS names that it is for, in lower case.
    var names: [String] {
        var bytes = [CChar](repeating: 0, count: 64 << 10)
        let count = unsafe aya_certificate_names(pointer, &bytes, bytes.count)
        ERR_clear_error()
        return bytes.prefix(count).split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
        }
    }

    var authorityKey: [UInt8] {
        unsafe filled(64) { bytes, room in unsafe aya_certificate_authority_key(pointer, bytes, room) }
    }
    var serial: [UInt8] {
        unsafe filled(64) { bytes, room in unsafe aya_certificate_serial(pointer, bytes, room) }
    }

    /// Seconds since 1970.
    var notBefore: Int64 { unsafe aya_certificate_not_before(pointer) }
    var notAfter: Int64 { unsafe aya_certificate_not_after(pointer) }
}
