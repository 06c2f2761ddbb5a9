/// What probes and real traffic have made of one server. Kept by the health thread, not by workers.
package struct HealthCounts: Counts {
    /// 1 unless the server is down or ejected.
    package var up = 0
    package var probes: UInt64 = 0
    package var probeFailures: UInt64 = 0
    package var ejections: UInt64 = 0

    package init() {}

    package mutating func add(_ other: HealthCounts) {
        up &+= other.up
        probes &+= other.probes
        probeFailures &+= other.probeFailures
        ejections &+= other.ejections
    }
}

/// The health of a pool's servers at one moment.
package struct HealthSample: Sendable {
    package var pool: String
    package var servers: [Sample<HealthCounts>]

    package init(pool: String, servers: [Sample<HealthCounts>]) {
        self.pool = pool
        self.servers = servers
    }
}
