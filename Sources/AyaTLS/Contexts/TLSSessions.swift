internal import CNIOBoringSSL

/// Sessions with one server that later connections can go on from. One worker's alone.
@safe package final class TLSSessions {
    // Safe: each reference is owned by the list until it is taken.
    private var sessions: [OpaquePointer] = unsafe []

    /// As many connections as are opened at once in a burst, roughly; tickets of TLS 1.3 are used once (RFC 8446
    /// appendix C.4).
    private static let most = 8

    package init() {}

    deinit { clear() }

    /// Takes the reference over.
    func put(_ session: OpaquePointer) {
        unsafe sessions.append(session)
        if unsafe sessions.count > Self.most { unsafe SSL_SESSION_free(sessions.removeFirst()) }
    }

    /// The newest; the caller owns the reference. One that may be used again stays.
    func take() -> OpaquePointer? {
        guard let session = unsafe sessions.popLast() else { return nil }
        if unsafe SSL_SESSION_should_be_single_use(session) == 0 {
            unsafe SSL_SESSION_up_ref(session)
            unsafe sessions.append(session)
        }
        return unsafe session
    }

    /// Forgets all: the server did not want one of them, or is not whom it was.
    package func clear() {
        while let session = unsafe sessions.popLast() { unsafe SSL_SESSION_free(session) }
    }
}
