internal import AyaAdmin
internal import AyaTelemetry

/// The health of a pool's servers at one moment.
struct PoolHealthReport: Sendable {
    var pool: String
    var servers: [(address: String, health: ServerHealth)]
}

/// What is known of one server's health at one moment, for the admin API.
struct ServerHealth: Sendable {
    var state = ServerState.available
    /// Since when, in nanoseconds since 1970.
    var since: Int64
    /// Why; nil when there is nothing to say.
    var reason: String?
    var counts = HealthCounts()
}
