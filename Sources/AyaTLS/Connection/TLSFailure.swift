package import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// Why a TLS connection did not come about.
package struct TLSFailure: Error, CustomStringConvertible {
    package enum Cause: Sendable {
        /// The peer closed the connection within the handshake.
        case peerGone
        case broken(SystemError)
        /// The peer's certificate is missing, expired, of another name or of an unknown issuer.
        case certificate
        /// The peer said so with an alert.
        case refused
        /// What the peer said is no TLS, or none that is spoken here.
        case protocolViolation
        case memory
    }

    package var cause: Cause
    /// For people: what the library, or the certificate's verification, says.
    package var detail: String

    init(_ cause: Cause, _ detail: String = "") {
        self.cause = cause
        self.detail = detail
    }

    package var description: String {
        switch cause {
        case .peerGone: "the peer closed the connection within the handshake"
        case .broken(let error): "\(error)"
        case .certificate: "certificate: \(detail)"
        case .refused: "the peer refused: \(detail)"
        case .protocolViolation: detail
        case .memory: "out of memory"
        }
    }

    /// After `SSL_do_handshake` has failed for good.
    static func ofHandshake(on ssl: OpaquePointer, systemError: Int32) -> TLSFailure {
        let reason = aya_peek_ssl_reason()
        let text = unsafe aya_last_error().map { unsafe String(cString: $0) } ?? ""
        let detail = text.lowercased().split(separator: "_").joined(separator: " ")
        switch reason {
        case 0: return systemError == 0 ? TLSFailure(.peerGone) : TLSFailure(.broken(SystemError(code: systemError)))
        case SSL_R_CERTIFICATE_VERIFY_FAILED, SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            let verdict = unsafe SSL_get_verify_result(ssl)
            guard verdict != X509_V_OK else { return TLSFailure(.certificate, detail) }
            let words = unsafe X509_verify_cert_error_string(verdict).map { unsafe String(cString: $0) } ?? detail
            return TLSFailure(.certificate, words)
        // Alerts of the peer are numbered from 1000 on.
        case 1000...: return TLSFailure(.refused, detail)
        default: return TLSFailure(.protocolViolation, detail)
        }
    }
}
