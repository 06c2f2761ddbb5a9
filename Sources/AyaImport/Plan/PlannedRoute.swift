/// A route as an importer understood it.
struct PlannedRoute {
    enum Action: Equatable {
        /// Pools and their weights.
        case forward([Share])
        case redirect(to: String, status: Int)
        case respond(status: Int, headers: [Condition], body: String)
    }

    struct Share: Equatable {
        var pool: String
        var weight: Int
    }

    var name: String
    var match = Match()
    var priority = 0
    var timeout: Int64?
    var mirror: (pool: String, share: Double)?
    var grpcWeb = false
    var subset: [String: String] = [:]
    var action: Action
    /// Where its requests are written down.
    var log = Log.usual
    /// The listeners whose requests it is for; empty: of all.
    var listeners: Set<String> = []
    /// Of these listeners, those that it is for.
    var transport = Transport.either
    var origin: Origin
    /// A line above it in the written file, for what the reader has to decide.
    var comment: String?

    init(name: String, match: Match = Match(), action: Action, origin: Origin) {
        self.name = name
        self.match = match
        self.action = action
        self.origin = origin
    }

    /// Whether it differs from another route in nothing but its name, its place and its listeners.
    func doesTheSame(as other: PlannedRoute) -> Bool {
        match == other.match && priority == other.priority && action == other.action && timeout == other.timeout
            && mirror?.pool == other.mirror?.pool && mirror?.share == other.mirror?.share
            && grpcWeb == other.grpcWeb && subset == other.subset && log == other.log && comment == other.comment
    }

    static func pool(_ name: String) -> Action { .forward([Share(pool: name, weight: 1)]) }

    enum Log: Hashable {
        /// Where those of all others are.
        case usual
        case nowhere
        /// A position among the plan's access logs.
        case own(Int)
    }

    /// How requests come.
    enum Transport {
        case either
        case plain
        case tls

        func overlaps(_ other: Transport) -> Bool { self == other || self == .either || other == .either }
    }

    /// Whether a listener may have requests for both.
    func sharesListeners(with other: PlannedRoute) -> Bool {
        transport.overlaps(other.transport)
            && (listeners.isEmpty || other.listeners.isEmpty || !listeners.isDisjoint(with: other.listeners))
    }

    /// Whether it is for each request, by its listener, that the other is for.
    func isForAllListeners(of other: PlannedRoute) -> Bool {
        (transport == .either || transport == other.transport)
            && (listeners.isEmpty || !other.listeners.isEmpty && listeners.isSuperset(of: other.listeners))
    }

    /// A name and the exact value it must have.
    struct Condition: Hashable {
        var name: String
        var value: String
    }

    /// `/cart`, or `/cart/` and everything below it.
    enum Path: Hashable {
        case exact(String)
        case below(String)

        /// As it is written in a configuration.
        var text: String {
            switch self {
            case .exact(let path): path
            case .below(let prefix): prefix + "*"
            }
        }

        func covers(_ other: Path) -> Bool {
            switch (self, other) {
            case (.exact(let mine), .exact(let theirs)): mine == theirs
            case (.exact, .below): false
            case (.below(let mine), .exact(let theirs)), (.below(let mine), .below(let theirs)):
                theirs.hasPrefix(mine)
            }
        }
    }

    /// What a request must be to take a route; in Aya's own terms.
    struct Match: Hashable {
        /// Nil matches every host.
        var host: String?
        /// Nil matches every path.
        var path: Path?
        var methods: [String] = []
        var headers: [Condition] = []
        var cookies: [Condition] = []
        var query: [Condition] = []
    }
}
