/// What is configured and in which state it is. Counters come beside it, in the metrics' snapshot, and are joined by
/// name.
package struct ServerStatus: Sendable {
    package var version: String
    package var generation: Int
    package var readiness: Readiness
    package var uptime: Duration
    package var listeners: [Listener]
    package var pools: [Pool]
    /// Routes that a change has taken out of service, by name.
    package var disabledRoutes: [String]
    /// Workers that take no turns any more, by number.
    package var silentWorkers: [Int]

    package struct Listener: Sendable {
        package var name: String
        /// `http`, `tcp` or `udp`.
        package var kind: String
        /// Where it really listens: with the port that the system chose when the configuration asked for 0.
        package var address: String

        package init(name: String, kind: String, address: String) {
            self.name = name
            self.kind = kind
            self.address = address
        }
    }

    package struct Pool: Sendable {
        package var name: String
        /// The balancer's name.
        package var balance: String
        package var servers: [Server]

        package init(name: String, balance: String, servers: [Server]) {
            self.name = name
            self.balance = balance
            self.servers = servers
        }
    }

    package struct Server: Sendable {
        package var address: String
        package var weight: Int
        package var state: ServerState
        /// When it came into that state, in nanoseconds since 1970; nil when that is not known.
        package var since: Int64?
        /// Why it is in that state, for people; nil when there is nothing to say.
        package var reason: String?

        package init(
            address: String, weight: Int, state: ServerState = .available, since: Int64? = nil, reason: String? = nil
        ) {
            self.address = address
            self.weight = weight
            self.state = state
            self.since = since
            self.reason = reason
        }
    }

    package init(
        version: String, generation: Int = 1, readiness: Readiness, uptime: Duration, listeners: [Listener] = [],
        pools: [Pool] = [], disabledRoutes: [String] = [], silentWorkers: [Int] = []
    ) {
        self.version = version
        self.generation = generation
        self.readiness = readiness
        self.uptime = uptime
        self.listeners = listeners
        self.pools = pools
        self.disabledRoutes = disabledRoutes
        self.silentWorkers = silentWorkers
    }
}

/// Whether a server takes new work, or why not.
package enum ServerState: String, Sendable, CaseIterable {
    case available
    /// Probes found it unhealthy.
    case down
    /// Its traffic failed too often, or was too slow.
    case ejected
    /// Its circuit breaker is open.
    case broken
    /// It is being taken out of service.
    case draining
    /// It is at its limit of connections.
    case full
}
