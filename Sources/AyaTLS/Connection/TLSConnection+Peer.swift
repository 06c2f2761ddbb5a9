package import AyaCore
package import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// Who is at the other end.
extension TLSConnection {
    /// The subject of the peer's certificate (RFC 2253), whose signature has been verified; nil without one. Printable
    /// ASCII, so that it can stand in a header.
    package var peerSubject: [UInt8]? {
        guard let certificate = unsafe SSL_get_peer_certificate(ssl) else { return nil }
        defer { unsafe X509_free(certificate) }
        guard unsafe SSL_get_verify_result(ssl) == X509_V_OK else { return nil }
        var text = [CChar](repeating: 0, count: 4096)
        let count = unsafe aya_certificate_subject(certificate, &text, text.count)
        return text.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// The public key of the server is one of those that were pinned.
    func hasPinnedKey() -> Bool {
        guard !pins.isEmpty else { return true }
        guard let certificate = unsafe SSL_get_peer_certificate(ssl) else { return false }
        defer { unsafe X509_free(certificate) }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes)
        defer { unsafe OPENSSL_free(bytes) }
        guard count > 0 else { return false }
        var hash = [UInt8](repeating: 0, count: 32)
        unsafe SHA256(bytes, Int(count), &hash)
        return pins.contains(hash)
    }

    /// Shakes hands, waiting where it must; `waiting` when the deadline passed first.
    package func shakeHands(on socket: Socket, _ waiter: Waiter, until deadline: Instant) async -> Step {
        while true {
            let step = shakeHands(on: socket)
            guard case .waiting = step, await waiter.wait(until: deadline) else { return step }
        }
    }
}
