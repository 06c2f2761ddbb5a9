internal import CAyaCrypto
internal import CNIOBoringSSL

/// One X.509 certificate as the library holds it.
@safe final class ParsedCertificate {
    // Safe: owned from init to deinit.
    let pointer: OpaquePointer

    /// Takes the reference over.
    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    /// Nil when it is none.
    convenience init?(der: [UInt8]) {
        defer { ERR_clear_error() }
        guard let buffer = unsafe CRYPTO_BUFFER_new(der, der.count, nil) else { return nil }
        defer { unsafe CRYPTO_BUFFER_free(buffer) }
        guard let certificate = unsafe X509_parse_from_buffer(buffer) else { return nil }
        unsafe self.init(certificate)
    }

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

    /// It is good with an OCSP answer only (RFC 7633).
    var mustStaple: Bool { unsafe aya_certificate_must_staple(pointer) == 1 }

    /// What its issuer is asked about it; nil when it does not say where.
    func stapleSubject(issuer: ParsedCertificate) -> StapleSubject? {
        let place = unsafe filled(1024) { bytes, room in
            unsafe bytes.withMemoryRebound(to: CChar.self, capacity: room) {
                unsafe aya_certificate_responder(pointer, $0, room)
            }
        }
        guard !place.isEmpty else { return nil }
        var name = [UInt8](repeating: 0, count: 20)
        var key = [UInt8](repeating: 0, count: 20)
        guard unsafe aya_certificate_digests(issuer.pointer, &name, &key) == 1 else { return nil }
        return StapleSubject(
            responder: String(decoding: place, as: UTF8.self), nameDigest: name, keyDigest: key, serial: serial,
            issuer: issuer.der)
    }

    /// Its bytes.
    var der: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_X509(pointer, &bytes)
        defer { unsafe OPENSSL_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(max(0, length))))
    }

    /// Seconds since 1970.
    var notBefore: Int64 { unsafe aya_certificate_not_before(pointer) }
    var notAfter: Int64 { unsafe aya_certificate_not_after(pointer) }
}
