extension Blueprint {
    /// A group of interchangeable servers.
    package struct Pool: Hashable, Sendable {
        package var name: String
        /// In the order of the file: a server's position is its identity in hashes and logs.
        package var servers: [Server]
        package var balance: Balance
        /// What hash balancers hash; nil: the client's address.
        package var hash: HashKey?
        package var zones = Zones()
        /// Active probes; nil: none.
        package var health: Health?
        /// Passive health; nil: off.
        package var outliers: Outliers? = Outliers()
        /// Nil: every request is balanced anew.
        package var persistence: Persistence?
        /// How long a server that (re)joins takes to reach its full share; nil: it has it at once.
        package var slowStart: Duration?
        package var timeouts: Timeouts
        package var retry: Retry
        package var hedge = Hedge.auto
        package var breaker: Breaker?
        /// Nil: a request that finds every server full is turned away.
        package var queue: Queue?
        /// Nil: no limit but the servers' own.
        package var concurrency: Concurrency?
        package var fallback: Fallback?
        /// Nil: only what servers say in their answers.
        package var loadReports: LoadReports?
        /// What the servers speak to exchanges.
        package var serverProtocol = ServerProtocol.http
        /// Exchanges at once on one connection of HTTP/2.
        package var streamsPerConnection = 100
        /// Idle connections kept to each server by each worker.
        package var idleConnections: Int
        /// Header that tells a TCP server the real client.
        package var proxyProtocol: ProxyProtocolVersion?
        /// Nil: nothing about it is learned.
        package var brain: Brain? = Brain()
        /// Nil: connections are not encrypted.
        package var tls: PoolTLS?

        package init(
            name: String, servers: [Server], balance: Balance = .auto, timeouts: Timeouts = Timeouts(),
            retry: Retry = Retry(), idleConnections: Int = 256, proxyProtocol: ProxyProtocolVersion? = nil
        ) {
            self.name = name
            self.servers = servers
            self.balance = balance
            self.timeouts = timeouts
            self.retry = retry
            self.idleConnections = idleConnections
            self.proxyProtocol = proxyProtocol
        }

        package struct Timeouts: Hashable, Sendable {
            package var connect = Duration.seconds(1)
            /// From the end of the request to the end of the response head, and between two pieces of its body.
            package var response = Duration.seconds(30)
            /// An unused connection to a server.
            package var idle = Duration.seconds(60)
            package init() {}
        }
    }

    package enum ServerProtocol: String, Hashable, Sendable, CaseIterable {
        /// HTTP/1.1.
        case http
        /// HTTP/2: by ALPN with TLS, by prior knowledge without.
        case h2
        /// HTTP/2 or HTTP/1.1, as is agreed on with TLS.
        case auto
    }

    package enum ProxyProtocolVersion: String, Hashable, Sendable, CaseIterable { case v1, v2 }
}
