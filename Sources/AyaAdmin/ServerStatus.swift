/// What is configured and in which state it is. Counters come beside it, in the metrics' snapshot, and are joined by
/// name.
package struct ServerStatus: Sendable {
    package var version: String
    package var generation: Int
    package var readiness: Readiness
    package var uptime: Duration
    package var listeners: [Listener]
    package var pools: [Pool]

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
        /// Whether it takes new work: `available`, or why not (`down`, `ejected`, `draining`, `full`).
        package var state: String

        package init(address: String, weight: Int, state: String = "available") {
            self.address = address
            self.weight = weight
            self.state = state
        }
    }

    package init(
        version: String, generation: Int = 1, readiness: Readiness, uptime: Duration, listeners: [Listener] = [],
        pools: [Pool] = []
    ) {
        self.version = version
        self.generation = generation
        self.readiness = readiness
        self.uptime = uptime
        self.listeners = listeners
        self.pools = pools
    }
}
