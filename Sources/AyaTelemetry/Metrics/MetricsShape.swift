/// Which listeners, routes, pools and servers there are to count for: the names, in the order in which the snapshot
/// numbers them.
package struct MetricsShape: Sendable, Hashable {
    package var listeners: [String]
    package var routes: [String]
    package var pools: [Pool]

    package struct Pool: Sendable, Hashable {
        package var name: String
        package var servers: [String]

        package init(name: String, servers: [String]) {
            self.name = name
            self.servers = servers
        }
    }

    package init(listeners: [String] = [], routes: [String] = [], pools: [Pool] = []) {
        self.listeners = listeners
        self.routes = routes
        self.pools = pools
    }
}
