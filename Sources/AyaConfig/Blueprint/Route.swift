extension Blueprint {
    /// A match on a request and what happens to it.
    package struct Route: Hashable, Sendable {
        package var name: String
        /// Nil matches every host.
        package var host: HostPattern?
        /// Nil matches every path.
        package var path: PathPattern?
        /// Empty matches every method. Upper case as sent; methods are case-sensitive (RFC 9110 section 9.1).
        package var methods: [String]
        /// All must hold. Header names in lower case.
        package var headers: [Condition]
        package var cookies: [Condition]
        package var query: [Condition]
        /// Names of those whose requests may take it, sorted; empty: all.
        package var listeners: [String] = []
        /// Higher wins before specificity is looked at.
        package var priority: Int
        package var action: Action
        /// Bound on the whole exchange; nil: only the single timeouts.
        package var timeout: Duration?
        package var criticality = Criticality.normal
        package var mirror: Mirror?
        package var faults: Faults?
        package var slo: Objective?
        /// Calls of gRPC-Web become calls of gRPC.
        package var grpcWeb: GRPCWeb?
        /// Labels that servers must have to take this route's work; empty: all servers.
        package var subset: [String: String] = [:]

        package init(
            name: String, host: HostPattern? = nil, path: PathPattern? = nil, methods: [String] = [],
            headers: [Condition] = [], cookies: [Condition] = [], query: [Condition] = [], priority: Int = 0,
            action: Action, timeout: Duration? = nil
        ) {
            self.name = name
            self.host = host
            self.path = path
            self.methods = methods
            self.headers = headers
            self.cookies = cookies
            self.query = query
            self.priority = priority
            self.action = action
            self.timeout = timeout
        }

        /// A name and the exact value it must have.
        package struct Condition: Hashable, Sendable {
            package var name: String
            package var value: String
            package init(name: String, value: String) {
                self.name = name
                self.value = value
            }
        }

        package enum Action: Hashable, Sendable {
            /// Weights are relative; one share means everything.
            case forward([Share])
            case redirect(Redirect)
            case respond(FixedResponse)
        }

        /// A pool and its weight in a split.
        package struct Share: Hashable, Sendable {
            package var pool: String
            package var weight: Int
            package init(pool: String, weight: Int) {
                self.pool = pool
                self.weight = weight
            }
        }

        package struct Redirect: Hashable, Sendable {
            /// The new location. `{host}`, `{path}`, `{query}` and `{scheme}` stand for the request's own parts
            /// (`{query}` with its question mark, empty without one).
            package var to: String
            package var status: Int
            package init(to: String, status: Int = 308) {
                self.to = to
                self.status = status
            }
        }

        package struct FixedResponse: Hashable, Sendable {
            package var status: Int
            package var headers: [Condition]
            package var body: String
            package init(status: Int, headers: [Condition] = [], body: String = "") {
                self.status = status
                self.headers = headers
                self.body = body
            }
        }
    }

    /// `shop.example` or `*.shop.example` (any depth below, not the name itself). Lower case, without a port.
    package enum HostPattern: Hashable, Sendable, CustomStringConvertible {
        case exact(String)
        /// The part behind `*.`.
        case anyBelow(String)

        package var description: String {
            switch self {
            case .exact(let name): name
            case .anyBelow(let suffix): "*.\(suffix)"
            }
        }
    }

    /// `/cart` or `/cart/*` (that prefix with its slash, and everything below).
    package enum PathPattern: Hashable, Sendable, CustomStringConvertible {
        case exact(String)
        /// The prefix with its final slash: `/cart/` for `/cart/*`, `/` for `/*`.
        case below(String)

        package var description: String {
            switch self {
            case .exact(let path): path
            case .below(let prefix): "\(prefix)*"
            }
        }
    }
}
