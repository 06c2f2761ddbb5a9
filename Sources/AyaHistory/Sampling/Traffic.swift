internal import AyaCore
internal import AyaTelemetry

/// What a subject did between two readings, before it becomes rates.
struct Traffic {
    var requests: UInt64 = 0
    var errors: UInt64 = 0
    var clientErrors: UInt64 = 0
    var latency = Histogram()
    var inFlight = 0
    var connections = 0
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var available = 0
    /// Nil where no limit is known.
    var saturation: Double?

    init() {}

    /// A server.
    init(
        _ server: Sample<ServerCounts>, since earlier: Sample<ServerCounts>, isUp: Bool, isLayer4: Bool, capacity: Int?
    ) {
        add(server.counts, since: earlier.counts, isLayer4: isLayer4)
        latency = server.counts.firstByte.recorded(since: earlier.counts.firstByte) ?? Histogram()
        available = isUp ? 1 : 0
        if let capacity, capacity > 0 { saturation = min(1, Double(inFlight) / Double(capacity)) }
    }

    /// A pool: its servers, and what it turned away before any of them.
    init(
        _ pool: PoolSample, since earlier: PoolSample, health: HealthSample, around surroundings: Surroundings.Pool?
    ) {
        let isLayer4 = surroundings?.isLayer4 ?? false
        for index in pool.servers.indices {
            add(pool.servers[index].counts, since: earlier.servers[index].counts, isLayer4: isLayer4)
            let recorded = pool.servers[index].counts.firstByte.recorded(since: earlier.servers[index].counts.firstByte)
            if let recorded { latency.add(recorded) }
        }
        let refused = pool.counts.refused.total(since: earlier.counts.refused, blamed: Self.ours)
        requests += refused
        errors += refused
        available =
            health.servers.isEmpty
            ? pool.servers.count : health.servers.reduce(0) { $0 + ($1.counts.up > 0 ? 1 : 0) }
        saturation = Self.saturation(pool, inFlight: inFlight, surroundings)
    }

    /// Of what an adaptive limit allows, else of what all servers together may have.
    private static func saturation(
        _ pool: PoolSample, inFlight: Int, _ surroundings: Surroundings.Pool?
    ) -> Double? {
        var room = pool.counts.concurrencyLimit
        if room == 0, let capacities = surroundings?.capacities, capacities.count == pool.servers.count {
            room = capacities.values.reduce(0, +)
        }
        return room > 0 ? min(1, Double(inFlight) / Double(room)) : nil
    }

    private mutating func add(_ counts: ServerCounts, since earlier: ServerCounts, isLayer4: Bool) {
        let failures = counts.reasons.total(since: earlier.reasons, blamed: Self.ours)
        requests +=
            isLayer4
            ? counts.connects.growth(since: earlier.connects)
            : counts.requests.total.growth(since: earlier.requests.total)
        errors += counts.requests[4].growth(since: earlier.requests[4]) + failures
        clientErrors += counts.requests[3].growth(since: earlier.requests[3])
        inFlight += counts.inFlight
        connections += counts.connectionsOpen
        bytesIn += counts.bytesReceived.growth(since: earlier.bytesReceived)
        bytesOut += counts.bytesSent.growth(since: earlier.bytesSent)
    }

    mutating func add(_ counts: ListenerCounts, since earlier: ListenerCounts) {
        requests += counts.requests.growth(since: earlier.requests)
        if !counts.sessions.isEmpty {
            requests += counts.sessions.total.growth(since: earlier.sessions.total)
            errors += counts.sessions.total(since: earlier.sessions, blamed: Self.ours)
            clientErrors += counts.sessions.total(since: earlier.sessions, blamed: Self.clients)
        }
        connections += counts.connectionsOpen + counts.flowsOpen
        bytesIn += counts.bytesReceived.growth(since: earlier.bytesReceived)
        bytesOut += counts.bytesSent.growth(since: earlier.bytesSent)
    }

    /// Only how exchanges ended: the listener has counted them.
    mutating func add(_ counts: RouteCounts, since earlier: RouteCounts) {
        // Most failures are answered with an error, and would count twice as a sum.
        errors += max(
            counts.requests[4].growth(since: earlier.requests[4]),
            counts.reasons.total(since: earlier.reasons, blamed: Self.ours))
        clientErrors += max(
            counts.requests[3].growth(since: earlier.requests[3]),
            counts.reasons.total(since: earlier.reasons, blamed: Self.clients))
    }

    /// Reasons by whom they blame.
    private static let ours = Reason.allCases.filter { $0.blame == .upstream || $0.blame == .aya }
    private static let clients = Reason.allCases.filter { $0.blame == .client }
}

extension ReasonCounts {
    fileprivate func total(since earlier: ReasonCounts, blamed reasons: [Reason]) -> UInt64 {
        if isEmpty { return 0 }
        return reasons.reduce(0) { $0 + self[$1].growth(since: earlier[$1]) }
    }
}
