internal import AyaBrain
internal import AyaHistory

/// What subjects usually do, to tell where a change comes from.
struct SliceMemory {
    /// Of a minute, averaged over about half an hour.
    private struct Usual {
        var requests = 0.0
        var errors = 0.0
        var latency = 0.0
        var bytes = 0.0
        var minutes = 0.0
    }

    private static let memory = 30.0
    private var usual: [AyaHistory.Subject: Usual] = [:]

    /// To be called after `slices`, so that the present is not compared with itself.
    mutating func learn(_ rows: [TrafficGatherer.Row]) {
        for row in rows where row.subject.kind != .aya { learn(row) }
        // What the configuration lost is not in any row any more.
        if usual.count > 2 * rows.count + 64 {
            let present = Set(rows.map(\.subject))
            usual = usual.filter { present.contains($0.key) }
        }
    }

    /// What a subject did in one interval, now or long ago.
    mutating func learn(_ row: TrafficGatherer.Row) {
        var known = usual[row.subject] ?? Usual()
        guard row.requests > 0 || known.minutes > 0 else { return }
        known.minutes = min(known.minutes + 1, Self.memory)
        let share = 1 / known.minutes
        known.requests += share * (row.requests - known.requests)
        known.errors += share * (row.errors - known.errors)
        known.latency += share * (row.latency - known.latency)
        known.bytes += share * (row.bytes - known.bytes)
        usual[row.subject] = known
    }

    /// Requests of a subject that usually run at once, by Little's law, in intervals of some seconds.
    func usuallyAtOnce(_ subject: AyaHistory.Subject, in seconds: Double) -> Double {
        (usual[subject]?.latency ?? 0) / max(seconds, 1)
    }

    /// Requests a second that a subject usually gets, in intervals of some seconds.
    func usualRequests(_ subject: AyaHistory.Subject, in seconds: Double) -> Double {
        (usual[subject]?.requests ?? 0) / max(seconds, 1)
    }

    /// How the parts of an incident's subject did before and do now, for one measure.
    func slices(
        of measure: AyaBrain.SeriesName.Measure, _ subject: AyaBrain.Subject, _ rows: [TrafficGatherer.Row]
    ) -> [Slice] {
        rows.compactMap { row in
            guard let (dimension, value) = Self.place(row.subject, within: subject) else { return nil }
            let known = usual[row.subject] ?? Usual()
            let (before, during): (Slice.Count, Slice.Count)
            switch measure {
            case .requests, .sessions:
                before = .init(events: known.requests, base: 1)
                during = .init(events: row.requests, base: 1)
            case .bytes:
                before = .init(events: known.bytes, base: 1)
                during = .init(events: row.bytes, base: 1)
            case .errors:
                before = .init(events: known.errors, base: known.requests)
                during = .init(events: row.errors, base: row.requests)
            case .latency:
                before = .init(events: known.latency, base: known.requests)
                during = .init(events: row.latency, base: row.requests)
            }
            return Slice(dimension, value, before: before, during: during)
        }
    }

    /// The dimension in which something may be to blame for trouble of a subject; nil when it has nothing to do with it.
    private static func place(
        _ part: AyaHistory.Subject, within subject: AyaBrain.Subject
    ) -> (AyaBrain.Subject.Dimension, String)? {
        switch part.kind {
        case .server:
            guard let (pool, address) = part.server else { return nil }
            return subject[.pool] == nil || subject[.pool] == pool ? (.server, address) : nil
        case .pool: return subject[.pool] == nil ? (.pool, part.plainName) : nil
        case .route: return subject[.route] == nil ? (.route, part.plainName) : nil
        case .listener, .aya: return nil
        }
    }
}
