package import AyaConfig
package import AyaCore
internal import AyaHTTP
package import AyaReactor
internal import AyaTLS
package import AyaTelemetry

/// A listener as one worker runs it, for as long as it has its name, its address and its protocol. What else is
/// configured of it may change while connections are open; they go by what holds at the moment.
package final class ListenerRuntime {
    package let name: String
    package let bind: BoundEndpoint
    package let gate: ClientGate
    package let metrics: ListenerMetrics
    /// Answers in Aya's own name instead of routes: the admin listener.
    let service: (any HTTPService)?
    /// It has such a service. Asked in every exchange, where a look at the existential itself would copy it.
    let isAdmin: Bool
    let recordName: RecordName
    /// The port in decimal, for `X-Forwarded-Port`.
    let portText: [UInt8]
    /// What follows `X-Forwarded-Host` in the usual request.
    let forwardingTail: [UInt8]
    var settings: ListenerSettings
    /// What its requests may take.
    var routes = ListenerRoutes(RouteTable([]), [])
    /// No new connections, no keep-alive: what runs may finish.
    package internal(set) var isDraining = false

    init(
        _ name: String, bind: BoundEndpoint, _ settings: ListenerSettings, gate: ClientGate, metrics: ListenerMetrics,
        service: (any HTTPService)? = nil
    ) {
        self.name = name
        self.bind = bind
        self.settings = settings
        self.gate = gate
        self.metrics = metrics
        self.service = service
        isAdmin = service != nil
        recordName = RecordName(name.utf8)
        if case .address(let address) = bind { portText = Array("\(address.port)".utf8) } else { portText = [] }
        forwardingTail =
            Array("\r\nX-Forwarded-Port: ".utf8) + portText + Array("\r\nVia: 1.1 aya\r\nX-Request-Id: ".utf8)
    }

    /// Whether a configuration means this listener, though with other settings perhaps.
    func isSame(as listener: Blueprint.Listener, at bind: BoundEndpoint) -> Bool {
        (service != nil) == listener.servesAdmin && name == listener.name && self.bind == bind
            && kind.isSameProtocol(as: listener.kind)
    }

    /// Whether what this peer says about the client is believed.
    package func trusts(_ peer: SocketAddress?) -> Bool {
        guard let peer else { return false }
        return settings.trustedProxies.contains { $0.contains(peer.ip) }
    }

    package var kind: Blueprint.Listener.Kind { settings.kind }
    package var proxyProtocol: Bool { settings.proxyProtocol }
    package var trustedProxies: [CIDR] { settings.trustedProxies }
    package var timeouts: ListenerSettings.Timeouts { settings.timeouts }
    var tls: ServerContext? { settings.tls }
    var detour: Detour? { settings.detour }
    var takesEarlyData: Bool { settings.takesEarlyData }
    var sessionRoutes: SessionRoutes? { settings.sessionRoutes }
    var datagramPool: PoolRuntime? { settings.datagramPool }
    var addsForwarded: Bool { settings.addsForwarded }
    var headLimits: HeadLimits { settings.headLimits }
    var bodyLimit: UInt64 { settings.bodyLimit }
    var identityHeader: [UInt8]? { settings.identityHeader }
    var reservedHeaders: [[UInt8]] { settings.reservedHeaders }
    var criticalityHeader: [UInt8]? { settings.criticalityHeader }
}

extension Blueprint.Listener.Kind {
    /// Whether connections of one mean the same to the other.
    package func isSameProtocol(as other: Self) -> Bool {
        switch (self, other) {
        case (.http, .http), (.tcp, .tcp), (.udp, .udp): true
        case (.http, _), (.tcp, _), (.udp, _): false
        }
    }
}
