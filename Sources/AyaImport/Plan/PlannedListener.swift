/// A listener as an importer understood it.
struct PlannedListener {
    enum Kind: Equatable {
        case http
        /// Sessions by the name in the ClientHello, and where the rest goes.
        case tcp(pool: String?, sni: [SNIRule])
        case udp(pool: String)
    }

    struct SNIRule: Equatable {
        var host: String
        var pool: String
    }

    struct Certificate: Hashable {
        var cert: String
        var key: String
        var ocsp: String?
    }

    /// Where certificates come from.
    enum TLS {
        case files([Certificate])
        case automatic(email: String?, directory: String?)
        case local
    }

    struct ClientCertificates {
        var isRequired: Bool
        var ca: String
    }

    var name: String
    var bind: String
    var kind = Kind.http
    var tls: TLS?
    var hosts: [String] = []
    var minVersion: String?
    var clientCertificates: ClientCertificates?
    /// The listener with TLS that every request is sent on to.
    var redirect: String?
    var proxyProtocol = false
    var forwarded = false
    var trustedProxies: [String] = []
    var connections: Int?
    var connectionsPerClient: Int?
    var headerCount: Int?
    /// Bytes; nil is what Aya does by itself.
    var body: Int64?
    /// Milliseconds.
    var headerTimeout: Int64?
    var bodyTimeout: Int64?
    var idleTimeout: Int64?
    var origin: Origin

    init(name: String, bind: String, kind: Kind = .http, origin: Origin) {
        self.name = name
        self.bind = bind
        self.kind = kind
        self.origin = origin
    }
}
