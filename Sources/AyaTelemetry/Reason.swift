package import AyaCore

/// Why an exchange or a session ended as it did: one closed set, shared by access log, metrics, problem+json `code` and
/// `Proxy-Status`, so that a number on a dashboard and a line in a log speak of the same thing.
///
/// The code is stable: renaming one breaks somebody's alert.
package enum Reason: UInt8, CaseIterable, Sendable {
    /// Nothing went wrong.
    case ok
    /// No route matches the request.
    case noRoute
    /// The request breaks the protocol or is ambiguous about its framing.
    case badRequest
    /// The request line is longer than the listener's limit.
    case targetTooLong
    /// The head has too many or too large fields.
    case headTooLarge
    /// The request body is larger than the listener's limit.
    case bodyTooLarge
    /// The client did not finish the head in time.
    case headerTimeout
    /// The client sent nothing of its body, or took nothing of the answer, for too long.
    case bodyTimeout
    /// The client closed or reset the connection before the end.
    case clientGone
    /// A method that Aya does not carry, such as `CONNECT`.
    case methodNotSupported
    /// A transfer coding other than `chunked`.
    case unsupportedTransferCoding
    /// An HTTP version other than 1.0, 1.1 and 2.
    case versionNotSupported
    /// An expectation other than `100-continue`.
    case expectationFailed
    /// The PROXY protocol header is missing or malformed.
    case proxyProtocolInvalid
    /// The TLS ClientHello is missing or malformed.
    case clientHelloInvalid
    /// The client's TLS handshake failed: it speaks no TLS, or none that is spoken here.
    case clientHandshakeFailed
    /// The client's certificate is missing or not to be trusted.
    case clientCertificateInvalid
    /// The client's frames break the rules of HTTP/2, so that its connection cannot go on.
    case protocolViolation
    /// The client makes much work for nothing: resets, pings, empty frames, endless heads.
    case clientFlood
    /// The client asks for so much that it was held to less.
    case clientLimited
    /// The request came before the handshake's end, and is not one that may be sent twice (RFC 8470).
    case tooEarly
    /// Nothing travelled on the session or the flow for the idle time: its ordinary end.
    case idleTimeout
    /// No server of the pool is available.
    case noServer
    /// The server refused the connection.
    case connectRefused
    /// The server did not accept the connection in time.
    case connectTimeout
    /// The connection to the server failed otherwise: unreachable, unresolved, no local port.
    case connectFailed
    /// The TLS handshake with the server failed.
    case tlsHandshakeFailed
    /// The server's certificate is expired, of another name, of an unknown issuer or not pinned.
    case tlsCertificateInvalid
    /// The server refused the request unseen: HTTP/2's REFUSED_STREAM, or a GOAWAY that leaves it out.
    case upstreamRefused
    /// The server reset the connection.
    case upstreamReset
    /// The server closed the connection before or within its response.
    case upstreamClosed
    /// The server did not begin its response in time.
    case upstreamTimeout
    /// The server stopped sending within its response.
    case upstreamBodyTimeout
    /// The server's response breaks the protocol.
    case upstreamInvalid
    /// The exchange took longer than its route, or the deadline of a call of gRPC, allows.
    case routeTimeout
    /// The listener, the client or every server is at its limit of connections.
    case connectionLimit
    /// The pool's queue is full.
    case queueFull
    /// The exchange waited in the pool's queue for too long.
    case queueTimeout
    /// There is too much work, and this matters less than what is done instead.
    case shed
    /// The circuit breakers of the pool or of all its servers are open.
    case breakerOpen
    /// The pool has as much work as it may have at once.
    case concurrencyLimit
    /// The route's fault injection made it fail.
    case faultInjected
    /// Aya is stopping and takes no new work.
    case draining
    /// Out of descriptors, buffers or memory.
    case resourceExhausted
    /// A fault of Aya's own.
    case `internal`

    /// The stable name in logs, metrics and problem bodies.
    package var code: String { word.description }

    /// The same for writers that must not build a `String`.
    package var word: StaticString {
        switch self {
        case .ok: "ok"
        case .noRoute: "no_route"
        case .badRequest: "bad_request"
        case .targetTooLong: "target_too_long"
        case .headTooLarge: "head_too_large"
        case .bodyTooLarge: "body_too_large"
        case .headerTimeout: "header_timeout"
        case .bodyTimeout: "body_timeout"
        case .clientGone: "client_gone"
        case .methodNotSupported: "method_not_supported"
        case .unsupportedTransferCoding: "unsupported_transfer_coding"
        case .versionNotSupported: "version_not_supported"
        case .expectationFailed: "expectation_failed"
        case .proxyProtocolInvalid: "proxy_protocol_invalid"
        case .clientHelloInvalid: "client_hello_invalid"
        case .clientHandshakeFailed: "client_handshake_failed"
        case .clientCertificateInvalid: "client_certificate_invalid"
        case .protocolViolation: "protocol_violation"
        case .clientFlood: "client_flood"
        case .clientLimited: "client_limited"
        case .tooEarly: "too_early"
        case .idleTimeout: "idle_timeout"
        case .noServer: "no_server"
        case .connectRefused: "connect_refused"
        case .connectTimeout: "connect_timeout"
        case .connectFailed: "connect_failed"
        case .tlsHandshakeFailed: "tls_handshake_failed"
        case .tlsCertificateInvalid: "tls_certificate_invalid"
        case .upstreamRefused: "upstream_refused"
        case .upstreamReset: "upstream_reset"
        case .upstreamClosed: "upstream_closed"
        case .upstreamTimeout: "upstream_timeout"
        case .upstreamBodyTimeout: "upstream_body_timeout"
        case .upstreamInvalid: "upstream_invalid"
        case .routeTimeout: "route_timeout"
        case .connectionLimit: "connection_limit"
        case .queueFull: "queue_full"
        case .queueTimeout: "queue_timeout"
        case .shed: "shed"
        case .breakerOpen: "breaker_open"
        case .concurrencyLimit: "concurrency_limit"
        case .faultInjected: "fault_injected"
        case .draining: "draining"
        case .resourceExhausted: "resource_exhausted"
        case .internal: "internal"
        }
    }

    /// Whose fault it was. Nobody's for the ordinary ends, `ok` and `idle_timeout`.
    package var blame: Blame? {
        switch self {
        case .ok, .idleTimeout: nil
        case .badRequest, .targetTooLong, .headTooLarge, .bodyTooLarge, .headerTimeout, .bodyTimeout, .clientGone,
            .methodNotSupported, .unsupportedTransferCoding, .versionNotSupported, .expectationFailed,
            .proxyProtocolInvalid, .protocolViolation, .clientFlood, .clientLimited, .clientHelloInvalid,
            .clientHandshakeFailed, .clientCertificateInvalid, .tooEarly, .noRoute:
            .client
        case .noServer, .breakerOpen, .connectRefused, .connectTimeout, .connectFailed, .tlsHandshakeFailed,
            .tlsCertificateInvalid, .upstreamRefused, .upstreamReset, .upstreamClosed, .upstreamTimeout,
            .upstreamBodyTimeout, .upstreamInvalid, .routeTimeout:
            .upstream
        case .connectionLimit, .queueFull, .queueTimeout, .shed, .concurrencyLimit, .draining, .resourceExhausted,
            .internal:
            .aya
        case .faultInjected: .operator
        }
    }

    /// What Aya answers when the response has not begun. The ordinary ends and those where nobody is left to read an
    /// answer have the status that the access log shows: 200 and 499.
    package var status: Int {
        switch self {
        case .ok, .idleTimeout: 200
        case .badRequest, .proxyProtocolInvalid, .protocolViolation, .clientFlood, .clientHelloInvalid,
            .clientHandshakeFailed, .clientCertificateInvalid:
            400
        case .noRoute: 404
        case .headerTimeout, .bodyTimeout: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .tooEarly: 425
        case .clientLimited: 429
        case .headTooLarge: 431
        case .clientGone: 499
        case .internal: 500
        case .methodNotSupported, .unsupportedTransferCoding: 501
        case .connectRefused, .connectFailed, .tlsHandshakeFailed, .tlsCertificateInvalid, .upstreamReset,
            .upstreamClosed, .upstreamInvalid:
            502
        case .noServer, .connectionLimit, .queueFull, .queueTimeout, .shed, .breakerOpen, .concurrencyLimit,
            .faultInjected, .draining, .resourceExhausted, .upstreamRefused:
            503
        case .connectTimeout, .upstreamTimeout, .upstreamBodyTimeout, .routeTimeout: 504
        case .versionNotSupported: 505
        }
    }

    /// Short English for people: the `title` of a problem body.
    package var title: String {
        switch self {
        case .ok: "Completed"
        case .noRoute: "No route matches this request"
        case .badRequest: "The request is malformed"
        case .targetTooLong: "The request target is too long"
        case .headTooLarge: "The request head is too large"
        case .bodyTooLarge: "The request body is too large"
        case .headerTimeout: "The request head took too long to arrive"
        case .bodyTimeout: "The client was too slow"
        case .clientGone: "The client left before the end"
        case .methodNotSupported: "This method is not supported"
        case .unsupportedTransferCoding: "This transfer coding is not supported"
        case .versionNotSupported: "This HTTP version is not supported"
        case .expectationFailed: "This expectation can not be met"
        case .proxyProtocolInvalid: "The PROXY protocol header is invalid"
        case .clientHelloInvalid: "The TLS ClientHello is invalid"
        case .clientHandshakeFailed: "The client's TLS handshake failed"
        case .clientCertificateInvalid: "The client's certificate is invalid"
        case .protocolViolation: "The client broke the rules of HTTP/2"
        case .clientFlood: "The client makes too much work for nothing"
        case .clientLimited: "The client asks too often"
        case .tooEarly: "The request came before the handshake's end"
        case .idleTimeout: "Idle for too long"
        case .noServer: "No server is available"
        case .connectRefused: "The server refused the connection"
        case .connectTimeout: "The server did not accept the connection in time"
        case .connectFailed: "The server can not be reached"
        case .tlsHandshakeFailed: "The TLS handshake with the server failed"
        case .tlsCertificateInvalid: "The server's certificate is invalid"
        case .upstreamRefused: "The server refused the request unseen"
        case .upstreamReset: "The server reset the connection"
        case .upstreamClosed: "The server closed the connection early"
        case .upstreamTimeout: "The server did not answer in time"
        case .upstreamBodyTimeout: "The server stopped within its response"
        case .upstreamInvalid: "The server's response is malformed"
        case .routeTimeout: "The exchange took longer than its route allows"
        case .connectionLimit: "Too many connections"
        case .queueFull: "The queue is full"
        case .queueTimeout: "The wait in the queue took too long"
        case .shed: "Overloaded; more important requests go first"
        case .breakerOpen: "The servers fail, and are left alone for a moment"
        case .concurrencyLimit: "Too many requests at once"
        case .faultInjected: "Fault injection made this request fail"
        case .draining: "Shutting down"
        case .resourceExhausted: "Out of resources"
        case .internal: "Internal error"
        }
    }
}
