package import AyaConfig
package import AyaCore
package import AyaHTTP
package import AyaReactor
internal import AyaTLS
package import AyaTelemetry

/// A listener as one worker runs it.
package final class ListenerRuntime {
    package let index: Int
    package let name: String
    package let bind: BoundEndpoint
    package let kind: Blueprint.Listener.Kind
    package let proxyProtocol: Bool
    /// Servers get `Forwarded` too.
    let addsForwarded: Bool
    package let trustedProxies: [CIDR]
    package let headLimits: HeadLimits
    package let bodyLimit: UInt64
    package let timeouts: Timeouts
    package let limits: Blueprint.Listener.Limits
    package let gate: ClientGate
    package let metrics: ListenerMetrics
    /// Nil without TLS.
    let tls: ServerContext?
    /// The header that tells servers whom a client's certificate names; nil without one.
    let identityHeader: [UInt8]?
    /// Headers, in lower case, that servers believe to be Aya's: of clients they go no further, on any listener.
    let reservedHeaders: [[UInt8]]
    /// Answers in Aya's own name instead of routes: the admin listener.
    let service: (any HTTPService)?
    /// What comes before the routes; nil for nothing.
    let detour: Detour?
    /// Of a TCP listener.
    let sessionRoutes: SessionRoutes?
    let nameText: [UInt8]
    /// By which trusted clients say how critical a request is, in lower case; nil for none.
    let criticalityHeader: [UInt8]?
    /// The port in decimal, for `X-Forwarded-Port`.
    let portText: [UInt8]
    /// What follows `X-Forwarded-Host` in the usual request.
    let forwardingTail: [UInt8]

    /// In the data plane's clock.
    package struct Timeouts {
        package var header: Interval
        package var body: Interval
        package var idle: Interval
    }

    init(
        _ blueprint: Blueprint.Listener, index: Int, bind: BoundEndpoint, gate: ClientGate, metrics: ListenerMetrics,
        service: (any HTTPService)?, tls: ServerContext? = nil, detour: Detour? = nil,
        reservedHeaders: [[UInt8]] = [],
        pool: (String) -> PoolRuntime?
    ) {
        self.tls = tls
        self.detour = detour
        self.reservedHeaders = reservedHeaders
        identityHeader = blueprint.tls?.clientCertificates?.header.map { Array($0.utf8) }
        self.index = index
        self.bind = bind
        self.gate = gate
        self.metrics = metrics
        self.service = service
        name = blueprint.name
        criticalityHeader = blueprint.criticalityHeader.map { Array($0.utf8) }
        nameText = Array(blueprint.name.utf8)
        kind = blueprint.kind
        sessionRoutes = SessionRoutes(blueprint.kind, pool: pool)
        proxyProtocol = blueprint.proxyProtocol
        addsForwarded = blueprint.forwarded
        trustedProxies = blueprint.trustedProxies
        limits = blueprint.limits
        // A head lies in one large buffer; what it may take besides is room for the first bytes of a body.
        let largest = BufferPool.largeSize - 4096
        headLimits = HeadLimits(
            requestLine: min(blueprint.limits.requestLine.bytes, largest), headerCount: blueprint.limits.headerCount,
            headerBytes: min(blueprint.limits.headerBytes.bytes, largest))
        bodyLimit = blueprint.limits.body.map { UInt64($0.bytes) } ?? .max
        timeouts = Timeouts(
            header: Interval(blueprint.timeouts.header), body: Interval(blueprint.timeouts.body),
            idle: Interval(blueprint.timeouts.idle))
        if case .address(let address) = bind { portText = Array("\(address.port)".utf8) } else { portText = [] }
        forwardingTail =
            Array("\r\nX-Forwarded-Port: ".utf8) + portText + Array("\r\nVia: 1.1 aya\r\nX-Request-Id: ".utf8)
    }

    /// Whether what this peer says about the client is believed.
    package func trusts(_ peer: SocketAddress?) -> Bool {
        guard let peer else { return false }
        return trustedProxies.contains { $0.contains(peer.ip) }
    }
}
