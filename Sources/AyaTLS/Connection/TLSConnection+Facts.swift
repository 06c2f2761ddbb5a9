internal import CNIOBoringSSL
internal import Glibc

/// What was agreed on, asked of the library when somebody wants to know.
extension TLSConnection {
    /// `1.3` or `1.2`.
    package var version: StaticString {
        switch Int32(unsafe SSL_version(ssl)) {
        case TLS1_3_VERSION: "1.3"
        case TLS1_2_VERSION: "1.2"
        default: "unknown"
        }
    }

    /// The cipher suite's name in the registry of RFC 8447, such as `TLS_AES_128_GCM_SHA256`.
    package var cipher: UnsafeBufferPointer<UInt8> {
        guard let cipher = unsafe SSL_get_current_cipher(ssl), let name = unsafe SSL_CIPHER_standard_name(cipher)
        else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        // Safe: the library's names live forever.
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self), count: strlen(name))
    }

    /// The group of the key exchange, such as `X25519MLKEM768`.
    package var group: String {
        guard let name = unsafe SSL_get_group_name(SSL_get_group_id(ssl)) else { return "" }
        return unsafe String(cString: name)
    }

    /// The handshake went on from an earlier session.
    package var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// What was read may be what somebody recorded and sends again: the handshake has not come to its end (RFC 8446
    /// section 8).
    package var isEarly: Bool { unsafe SSL_in_early_data(ssl) == 1 }

    /// The name that the client asked for, as it was sent; empty without one. Valid while the connection is.
    package var serverName: UnsafeBufferPointer<UInt8> {
        guard let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
            return unsafe UnsafeBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self), count: strlen(name))
    }

    package var speaksHTTP2: Bool {
        let name = unsafe applicationProtocol
        return unsafe name.count == 2 && name[0] == UInt8(ascii: "h") && name[1] == UInt8(ascii: "2")
    }

    /// The application protocol that was agreed on (RFC 7301); empty without one.
    package var applicationProtocol: UnsafeBufferPointer<UInt8> {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &start, &count)
        return unsafe UnsafeBufferPointer(start: start, count: Int(count))
    }
}
