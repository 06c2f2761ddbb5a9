/// The whole validated configuration: what every source (file, command line, admin API, discovery) produces and
/// everything at run time is compiled from. It is immutable and complete; every default is filled in.
package struct Blueprint: Hashable, Sendable {
    /// Sorted by name, like routes and pools, so that order in a file never matters.
    package var listeners: [Listener]
    package var routes: [Route]
    package var pools: [Pool]
    package var admin: Admin?
    package var workers: Workers
    /// By name.
    package var accessLogs: [AccessLog]
    /// Nil: requests pass with whatever they say of traces.
    package var tracing: Tracing?
    package var metrics: MetricsPush?
    package var alerts: Alerts?
    package var drain: Drain
    /// Where this Aya stands, for zone-aware balancing; nil: zones mean nothing.
    package var zone: String?
    /// The directory for what outlasts a restart. It need not exist; then nothing does.
    package var state = "/var/lib/aya"
    /// Nil: nothing is remembered.
    package var history: History? = History()
    package var learning = Learning()
    package var process = Process()
    /// Events that are known beforehand, by their beginnings.
    package var events: [Event] = []

    package init(
        listeners: [Listener] = [], routes: [Route] = [], pools: [Pool] = [], admin: Admin? = nil,
        workers: Workers = .auto, accessLogs: [AccessLog] = [], drain: Drain = Drain()
    ) {
        self.listeners = listeners
        self.routes = routes
        self.pools = pools
        self.admin = admin
        self.workers = workers
        self.accessLogs = accessLogs
        self.drain = drain
    }

    package enum Workers: Hashable, Sendable {
        /// One for each processor the process may run on.
        case auto
        case exactly(Int)
    }

    package struct Drain: Hashable, Sendable {
        /// How long a stopping Aya waits for exchanges and sessions in flight.
        package var grace: Duration
        package init(grace: Duration = .seconds(30)) { self.grace = grace }
    }
}
