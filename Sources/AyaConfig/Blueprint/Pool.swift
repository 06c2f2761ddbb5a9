package import AyaCore

extension Blueprint {
    /// A group of interchangeable servers.
    package struct Pool: Hashable, Sendable {
        package var name: String
        /// In the order of the file: a server's position is its identity in hashes and logs.
        package var servers: [Server]
        package var balance: Balance
        package var timeouts: Timeouts
        package var retry: Retry
        /// Idle connections kept to each server by each worker.
        package var idleConnections: Int
        /// Header that tells a TCP server the real client.
        package var proxyProtocol: ProxyProtocolVersion?

        package init(
            name: String, servers: [Server], balance: Balance = .roundRobin, timeouts: Timeouts = Timeouts(),
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

        package struct Retry: Hashable, Sendable {
            /// Tries in all; 1 turns retries off.
            package var attempts = 2
            package init(attempts: Int = 2) { self.attempts = attempts }
        }
    }

    /// One backend address in a pool.
    package struct Server: Hashable, Sendable {
        package var address: Endpoint
        /// 0 takes no new work.
        package var weight: Int
        /// Over all workers; nil: no limit.
        package var maxConnections: Int?

        package init(address: Endpoint, weight: Int = 1, maxConnections: Int? = nil) {
            self.address = address
            self.weight = weight
            self.maxConnections = maxConnections
        }
    }

    package enum ProxyProtocolVersion: String, Hashable, Sendable, CaseIterable { case v1, v2 }

    /// The algorithm that picks a server, by its name in the configuration.
    package enum Balance: String, Hashable, Sendable, CaseIterable {
        case roundRobin = "round_robin"
        case leastConnections = "least_connections"
    }
}
