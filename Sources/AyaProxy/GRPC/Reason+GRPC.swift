internal import AyaCore
internal import AyaTelemetry

extension Reason {
    /// What a caller of gRPC is told, who knows what to do about its statuses and nothing of ours: `UNAVAILABLE` is
    /// worth another try, `RESOURCE_EXHAUSTED` is not at once.
    var grpcStatus: GRPCStatus {
        switch self {
        case .ok, .idleTimeout: .ok
        case .noRoute, .methodNotSupported: .unimplemented
        case .clientGone: .cancelled
        case .headerTimeout, .bodyTimeout, .routeTimeout, .connectTimeout, .upstreamTimeout, .upstreamBodyTimeout:
            .deadlineExceeded
        case .bodyTooLarge, .headTooLarge, .targetTooLong, .resourceExhausted, .queueFull, .shed, .concurrencyLimit,
            .connectionLimit, .clientFlood, .clientLimited:
            .resourceExhausted
        case .noServer, .connectRefused, .connectFailed, .tlsHandshakeFailed, .tlsCertificateInvalid,
            .upstreamRefused, .upstreamReset, .upstreamClosed, .queueTimeout, .breakerOpen, .faultInjected, .draining,
            .tooEarly:
            .unavailable
        case .badRequest, .unsupportedTransferCoding, .versionNotSupported, .expectationFailed, .upstreamInvalid,
            .proxyProtocolInvalid, .clientHelloInvalid, .clientHandshakeFailed, .clientCertificateInvalid,
            .protocolViolation, .internal:
            .internal
        }
    }
}
