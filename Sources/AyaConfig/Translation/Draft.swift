internal import AyaCore

/// A value and where it was written, for checks that come after translation.
struct Placed<Value> {
    var value: Value
    var place: Place
}

/// What translation gives: the parts that could be read, the names that were written, and who refers to whom.
///
/// A pool with a mistake in it is still a pool that exists; keeping names apart from values avoids errors that only
/// follow from others.
struct Draft {
    struct PoolReference {
        var pool: String
        var place: Place
    }

    struct PoolLink {
        var owner: String
        var reference: PoolReference
    }

    var listeners: [Placed<Blueprint.Listener>] = []
    var routes: [Placed<Blueprint.Route>] = []
    var pools: [Placed<Blueprint.Pool>] = []
    var admin: Placed<Blueprint.Admin>?
    var workers = Blueprint.Workers.auto
    var accessLogs: [Placed<Blueprint.AccessLog>] = []
    var tracing: Blueprint.Tracing?
    var metrics: Blueprint.MetricsPush?
    var alerts: Blueprint.Alerts?
    var alertPlaces: [String: Place] = [:]
    var drain = Blueprint.Drain()
    var zone: Placed<String>?
    var state: String?
    var process = Blueprint.Process()
    var history: Blueprint.History? = Blueprint.History()
    var learning = Blueprint.Learning()
    var events: [Blueprint.Event] = []

    /// Every name under `pools`, sound or not, with the place of its key.
    var poolNames: [String: Place] = [:]
    var listenerCount = 0
    var routeCount = 0
    var httpListenerPlace: Place?
    var listenerPools: [PoolReference] = []
    var routePools: [PoolReference] = []
    /// Pools that stand in for others.
    var fallbackPools: [PoolLink] = []
    var mirrorPools: [PoolReference] = []
    /// Where the keys of pools and routes stand, by name, for checks that need more than one part.
    var poolKeys: [String: [String: Place]] = [:]
    var routeKeys: [String: [String: Place]] = [:]
}
