package import AyaTelemetry

/// Makes the frame of a second from the counters at its end and those at its beginning.
///
/// Pure: counters, configuration and time are given. It looks at thousands of counters each second, so names are looked
/// up only when they change.
package struct Sampler {
    private let limit: Int
    private var roster = Roster([], limit: 0)
    private var previous: Reading?
    private var bases = PercentileBases()
    /// Of minutes and hours that ended with the latest frame.
    package private(set) var percentiles: [Percentiles] = []

    /// Counters, and when they were read.
    package struct Reading: Sendable {
        package var metrics: MetricsSnapshot
        package var surroundings: Surroundings
        /// In seconds since 1970.
        package var wallTime: Double
        /// In seconds, on a clock that does not jump.
        package var steadyTime: Double

        package init(metrics: MetricsSnapshot, surroundings: Surroundings, wallTime: Double, steadyTime: Double) {
            self.metrics = metrics
            self.surroundings = surroundings
            self.wallTime = wallTime
            self.steadyTime = steadyTime
        }
    }

    /// - Parameter limit: series in a frame.
    package init(limit: Int) { self.limit = limit }

    /// Series that the limit leaves out.
    package var overflow: Int { roster.overflow }

    /// What happened since the reading before; nil for the first.
    package mutating func frame(at reading: Reading) -> Frame? {
        var reading = reading
        reading.metrics.health = reading.metrics.health.inOrder(of: reading.metrics.pools)
        defer { previous = reading }
        guard let before = previous, reading.steadyTime > before.steadyTime else { return nil }
        var earlier = before.metrics
        if !reading.metrics.hasNames(of: earlier) || roster.subjects.isEmpty {
            roster = Roster(reading.metrics.subjects, limit: limit)
            earlier = earlier.arranged(as: reading.metrics)
        }
        var values = FrameValues(elapsed: reading.steadyTime - before.steadyTime, count: roster.valueCount)
        values.append(reading, since: earlier)
        // The second that ends here; readings are taken just after its end.
        let time = Int64((reading.wallTime - 0.5).rounded(.down))
        percentiles = bases.take(reading.metrics, at: time + 1, of: roster)
        return Frame(time: time, roster: roster, values: values.values)
    }
}

extension MetricsSnapshot {
    /// In the order of frames: what matters most first, as a limit cuts the end.
    fileprivate var subjects: [Subject] {
        var subjects: [Subject] = [.aya]
        subjects += listeners.map { .listener($0.name) }
        subjects += pools.map { .pool($0.name) }
        subjects += routes.map { .route($0.name) }
        for pool in pools { subjects += pool.servers.map { .server($0.name, of: pool.name) } }
        return subjects
    }

    fileprivate func hasNames(of other: MetricsSnapshot) -> Bool {
        listeners.hasNames(of: other.listeners) && routes.hasNames(of: other.routes)
            && pools.count == other.pools.count
            && zip(pools, other.pools).allSatisfy { $0.name == $1.name && $0.servers.hasNames(of: $1.servers) }
    }

    /// With another's names in their order; what this one does not have begins at nothing.
    func arranged(as other: MetricsSnapshot) -> MetricsSnapshot {
        var arranged = self
        arranged.listeners = listeners.arranged(as: other.listeners)
        arranged.routes = routes.arranged(as: other.routes)
        let known = Dictionary(pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        arranged.pools = other.pools.map { pool in
            let former = known[pool.name] ?? PoolSample(name: pool.name)
            return PoolSample(
                name: pool.name, counts: former.counts, servers: former.servers.arranged(as: pool.servers))
        }
        return arranged
    }
}

extension Array {
    fileprivate func hasNames<Counts>(of other: [Sample<Counts>]) -> Bool where Element == Sample<Counts> {
        count == other.count && zip(self, other).allSatisfy { $0.name == $1.name }
    }

    fileprivate func arranged<Counts>(as other: [Sample<Counts>]) -> [Sample<Counts>]
    where Element == Sample<Counts> {
        if hasNames(of: other) { return self }
        let known = Dictionary(map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return other.map { known[$0.name] ?? Sample(name: $0.name, counts: Counts()) }
    }
}

extension [HealthSample] {
    /// One for each pool, without servers where nothing is known.
    fileprivate func inOrder(of pools: [PoolSample]) -> [HealthSample] {
        if count == pools.count, zip(self, pools).allSatisfy({ $0.pool == $1.name }) { return self }
        let known = Dictionary(map { ($0.pool, $0) }, uniquingKeysWith: { first, _ in first })
        return pools.map { known[$0.name] ?? HealthSample(pool: $0.name, servers: []) }
    }
}
