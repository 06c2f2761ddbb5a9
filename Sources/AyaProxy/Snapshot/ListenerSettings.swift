internal import AyaConfig
package import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS

/// What of a listener a reload may change while its connections are open, made ready for the data plane.
package struct ListenerSettings {
    let kind: Blueprint.Listener.Kind
    let proxyProtocol: Bool
    /// Servers get `Forwarded` too.
    let addsForwarded: Bool
    let trustedProxies: [CIDR]
    let headLimits: HeadLimits
    let bodyLimit: UInt64
    let timeouts: Timeouts
    /// Nil without TLS.
    let tls: ServerContext?
    /// Requests may come before the handshake's end.
    let takesEarlyData: Bool
    /// What comes before the routes; nil for nothing.
    let detour: Detour?
    /// The header that tells servers whom a client's certificate names; nil without one.
    let identityHeader: [UInt8]?
    /// Headers, in lower case, that servers believe to be Aya's: of clients they go no further, on any listener.
    let reservedHeaders: [[UInt8]]
    /// By which trusted clients say how critical a request is, in lower case; nil for none.
    let criticalityHeader: [UInt8]?
    /// Of a TCP listener.
    let sessionRoutes: SessionRoutes?
    /// Of a UDP listener.
    let datagramPool: PoolRuntime?

    /// In the data plane's clock.
    package struct Timeouts {
        package var header: Interval
        package var body: Interval
        package var idle: Interval
    }

    init(
        _ blueprint: Blueprint.Listener, tls: ServerContext? = nil, detour: Detour? = nil,
        reservedHeaders: [[UInt8]] = [],
        pool: (String) -> PoolRuntime?
    ) {
        self.tls = tls
        self.detour = detour
        takesEarlyData = blueprint.tls?.earlyData == true
        self.reservedHeaders = reservedHeaders
        kind = blueprint.kind
        identityHeader = blueprint.tls?.clientCertificates?.header.map { Array($0.utf8) }
        criticalityHeader = blueprint.criticalityHeader.map { Array($0.utf8) }
        sessionRoutes = SessionRoutes(blueprint.kind, pool: pool)
        if case .udp(let name) = blueprint.kind { datagramPool = pool(name) } else { datagramPool = nil }
        proxyProtocol = blueprint.proxyProtocol
        addsForwarded = blueprint.forwarded
        trustedProxies = blueprint.trustedProxies
        // A head lies in one large buffer; what it may take besides is room for the first bytes of a body.
        let largest = BufferPool.largeSize - 4096
        headLimits = HeadLimits(
            requestLine: min(blueprint.limits.requestLine.bytes, largest), headerCount: blueprint.limits.headerCount,
            headerBytes: min(blueprint.limits.headerBytes.bytes, largest))
        bodyLimit = blueprint.limits.body.map { UInt64($0.bytes) } ?? .max
        timeouts = Timeouts(
            header: Interval(blueprint.timeouts.header), body: Interval(blueprint.timeouts.body),
            idle: Interval(blueprint.timeouts.idle))
    }
}
