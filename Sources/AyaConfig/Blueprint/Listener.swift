package import AyaCore

extension Blueprint {
    /// An address and protocol that clients connect to.
    package struct Listener: Hashable, Sendable {
        package var name: String
        package var bind: Endpoint
        package var kind: Kind
        package var limits: Limits
        package var timeouts: Timeouts
        /// Connections begin with a PROXY protocol header (v1 or v2) that names the real client.
        package var proxyProtocol: Bool
        /// Servers get the standard `Forwarded` header too (RFC 7239).
        package var forwarded: Bool
        /// Peers whose `X-Forwarded-*`, `Forwarded` and PROXY headers are believed.
        package var trustedProxies: [CIDR]
        /// A header, in lower case, by which trusted clients override a route's criticality.
        package var criticalityHeader: String?
        /// Nil: connections are not encrypted.
        package var tls: ListenerTLS?
        /// The listener with TLS that requests are sent on to; nil: routes decide.
        package var redirect: String?
        /// The admin API answers in place of routes.
        package var servesAdmin = false

        package enum Kind: Hashable, Sendable {
            case http
            /// `sni` chooses a pool by the name in the TLS ClientHello, which is passed through unopened; `pool`
            /// takes everything else.
            case tcp(pool: String?, sni: [SNIRule])
            case udp(pool: String)
        }

        /// A host name, exact or `*.suffix`, and the pool its TLS connections go to.
        package struct SNIRule: Hashable, Sendable {
            package var host: HostPattern
            package var pool: String
            package init(host: HostPattern, pool: String) {
                self.host = host
                self.pool = pool
            }
        }

        package struct Limits: Hashable, Sendable {
            package var requestLine = ByteCount.kibibytes(8)
            package var headerCount = 100
            package var headerBytes = ByteCount.kibibytes(32)
            /// Nil: no limit.
            package var body: ByteCount?
            /// Open connections (TCP) or flows (UDP) of this listener, over all workers.
            package var connections = 100_000
            package var connectionsPerClient: Int?
            package init() {}
        }

        package struct Timeouts: Hashable, Sendable {
            /// From the first byte of a request to the end of its head.
            package var header = Duration.seconds(10)
            /// Between two pieces of a body, in either direction.
            package var body = Duration.seconds(30)
            /// A keep-alive connection, a TCP session or a UDP flow without traffic.
            package var idle = Duration.seconds(60)
            package init() {}
        }

        package init(
            name: String, bind: Endpoint, kind: Kind = .http, limits: Limits = Limits(),
            timeouts: Timeouts = Timeouts(), proxyProtocol: Bool = false, forwarded: Bool = false,
            trustedProxies: [CIDR] = []
        ) {
            self.name = name
            self.bind = bind
            self.kind = kind
            self.limits = limits
            self.timeouts = timeouts
            self.proxyProtocol = proxyProtocol
            self.forwarded = forwarded
            self.trustedProxies = trustedProxies
        }
    }
}
