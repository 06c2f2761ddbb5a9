internal import AyaCore

/// What one more request would take on each server, as far as traffic alone tells.
///
/// That is the server's latency of late times what it has in flight, over all workers, for its weight. Three things
/// make it hold in bad times too. Latency is averaged with outliers cut, so that a server that froze for a moment gets
/// its share back as soon as it goes on, while one that is slow throughout is known as such within a second. A server
/// that has work and finishes none is taken to need at least as long as its silence lasts, so that a freeze is seen
/// after milliseconds and not when the first answer is late. And what is known of a server fades with age, so that one
/// that was slow is tried again every few seconds and gets its share back at once when it has recovered.
///
/// One record a server, so that a look at one touches a single cache line. The constants come from simulation:
/// docs/decisions/0007-the-automatic-balancer.md.
struct Outlook {
    /// Servers looked at: all of a small pool, so many by chance of a large one.
    static let sample = 16
    /// The time constant of the average.
    private static let memory = Interval.seconds(1)
    /// The time constant by which old news fade.
    private static let fading = Interval.seconds(5)
    /// A latency counts at most as so many times the average.
    private static let cut: Float = 3
    /// Servers up to so many times slower than the fastest count as equals, and are told apart by what they have in
    /// flight: averages of some hundred latencies differ by several per cent through chance alone.
    private static let alike: Float = 1.25
    /// In seconds; nor does so little tell servers apart, or idle pools would send everything to the one whose first
    /// answer came first.
    private static let aside: Float = 2e-3
    /// A silence means something once it has lasted so many times as long as one would expect: by chance, it does that
    /// once or twice in a hundred looks, however much or little the server has in flight.
    private static let patience: Float = 4
    /// In seconds; differences far below do not count.
    private static let floor: Float = 1e-4
    /// In seconds; an average below is not used to cut.
    private static let least: Float = 1e-3

    /// So many latencies make an average; before, all count alike, or the first one would stand for a second.
    private static let enough: Int32 = 64
    /// Of fewer, none is cut.
    private static let some: Int32 = 8

    private struct Record {
        /// In seconds, averaged; below zero while unknown.
        var latency: Float = -1
        /// One by the weight.
        var perWeight: Float = 1
        /// Latencies learned, as far as `enough`.
        var samples: Int32 = 0
        var load = 0
        /// When the latency was learned, in nanoseconds.
        var learned: Int64 = 0
        /// When the server finished work last or, if it had none, got some, in nanoseconds.
        var progress: Int64 = 0
        /// Its turn among equals.
        var pass: UInt64 = 0

        /// What a request takes by all that is known, in seconds.
        @inline(__always) func expected(_ now: Int64) -> Float {
            var expected: Float = 0
            if latency >= 0 {
                expected = latency * Smoothed.decay(Interval(nanoseconds: now &- learned), over: Outlook.fading)
            }
            if load > 0 {
                let silence = Float(now &- progress) * 1e-9
                // With several in flight, one should have been done the sooner.
                if silence * Float(load) > Outlook.patience * expected { expected = max(expected, silence) }
            }
            return expected
        }
    }

    private var records: ContiguousArray<Record>
    private var latestPass: UInt64 = 0
    /// When a server was picked last.
    private var now = Instant(nanoseconds: 0)

    init(_ view: PoolView) {
        records = ContiguousArray(repeating: Record(), count: view.count)
        for server in 0..<view.count { join(view, server) }
    }

    // MARK: picking

    /// The server that a tactic takes of a set, or of a sample of it; -1 when there is none. `roundRobin` needs no
    /// outlook and is answered as `soonest`.
    mutating func best(
        by tactic: Tactic, among servers: borrowing WeightedSet, _ request: PickRequest,
        excluding excluded: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int {
        let now = request.now
        switch tactic {
        case .soonest, .roundRobin: return best(among: servers, now, excluding: excluded, &random)
        case .uncrowded:
            let level = usualLoad(servers, &random)
            return best(among: servers, notAbove: level, now, excluding: excluded, &random)
        case .leastConnections:
            self.now = now
            return leastBusy(servers, excluding: excluded, &random)
        case .consistentHash:
            self.now = now
            return nearest(to: request.key, servers, excluding: excluded)
        }
    }

    /// The server with the least cost among a set, or a sample of it; -1 when there is none. Servers with more than
    /// `level` in flight come after all others, the one with the least first.
    mutating func best(
        among servers: borrowing WeightedSet, notAbove level: Int = .max, _ now: Instant,
        excluding excluded: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int {
        self.now = now
        return Self.best(among: servers, records, notAbove: level, now.nanoseconds, excluding: excluded, &random)
    }

    private static func best(
        among servers: borrowing WeightedSet, _ records: borrowing ContiguousArray<Record>, notAbove level: Int,
        _ now: Int64, excluding excluded: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int {
        let records = records.span
        let count = servers.count
        let looks = min(count, sample)
        var seen = InlineArray<16, (server: Int, expected: Float)>(repeating: (server: 0, expected: 0))
        var fastest = Float.infinity
        for look in 0..<looks {
            let server = count <= sample ? servers.member(look) : servers.drawMember(&random)
            let expected = records[server].expected(now)
            seen[look] = (server: server, expected: expected)
            fastest = min(fastest, expected)
        }
        let alike = max(fastest * Self.alike, fastest + Self.aside)
        var best = -1
        var least = Float.infinity
        for look in 0..<looks {
            let (server, expected) = seen[look]
            let record = records[server]
            let queue = Float(record.load) * record.perWeight
            var cost = (max(expected, alike) + floor) * (queue + 1)
            if record.load > level { cost = 1e30 * queue }
            guard cost <= least else { continue }
            if cost == least, best >= 0, Int64(bitPattern: record.pass &- records[best].pass) >= 0 { continue }
            if !excluded.isEmpty, excluded.contains(server) { continue }
            (best, least) = (server, cost)
        }
        return best
    }

    /// Seconds until one more request would be answered, as `best` compares them.
    func cost(_ server: Int, _ now: Instant) -> Double {
        let record = records[server]
        return Double((record.expected(now.nanoseconds) + Self.floor) * (Float(record.load) * record.perWeight + 1))
    }

    /// A server has been picked: its turn is taken.
    mutating func take(_ view: PoolView, _ server: Int) {
        latestPass = Pass.later(latestPass, records[server].pass)
        records[server].pass = latestPass &+ Pass.stride(share: view.shares[server])
    }

    /// What is in flight on a server, over all workers.
    @inline(__always) func load(_ server: Int) -> Int { records[server].load }

    /// The same for its weight.
    @inline(__always) func queue(_ server: Int) -> Float { Float(records[server].load) * records[server].perWeight }

    // MARK: what happens

    /// A server came into the choice or left it, or its share changed.
    mutating func join(_ view: PoolView, _ server: Int) {
        if view.isAway(server) {
            records[server].latency = -1
            records[server].samples = 0
        }
        let share = view.shares[server]
        records[server].load = view.load(server)
        records[server].perWeight = Float(PoolView.wholeShare) / Float(max(1, share))
        records[server].pass = latestPass &+ Pass.offset(of: server, stride: Pass.stride(share: share))
    }

    /// Goes on with the latency that another pool's outlook has learned of the same server.
    mutating func adopt(_ server: Int, from former: borrowing Outlook, at position: Int) {
        records[server].latency = former.records[position].latency
        records[server].samples = former.records[position].samples
        records[server].learned = former.records[position].learned
    }

    mutating func loadChanged(_ view: PoolView, _ server: Int) {
        let load = view.load(server)
        let known = records[server].load
        records[server].load = load
        if load < known || known == 0 { records[server].progress = max(now, view.now).nanoseconds }
    }

    mutating func observe(_ server: Int, _ observation: Observation) {
        let seconds = Float(observation.latency.seconds)
        // Failing fast is no merit, and work that was abandoned would have taken longer.
        guard observation.outcome == .success || seconds > records[server].latency else { return }
        learn(server, seconds, observation.now)
    }

    mutating func hear(_ server: Int, _ hearsay: Hearsay) {
        guard let seconds = hearsay.meanLatency else { return }
        records[server].progress = hearsay.now.nanoseconds
        learn(server, seconds, hearsay.now)
    }

    private mutating func learn(_ server: Int, _ seconds: Float, _ now: Instant) {
        var record = records[server]
        let passed = Interval(nanoseconds: now.nanoseconds &- record.learned)
        var weight = 1 - Smoothed.decay(passed, over: Self.memory)
        if record.samples < Self.enough {
            record.samples &+= 1
            weight = max(weight, 1 / Float(record.samples))
        }
        let bounded = record.samples > Self.some ? min(seconds, Self.cut * max(record.latency, Self.least)) : seconds
        record.latency = max(0, record.latency) * (1 - weight) + bounded * weight
        record.learned = max(record.learned, now.nanoseconds)
        records[server] = record
    }
}
