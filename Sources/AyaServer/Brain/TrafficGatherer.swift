internal import AyaHistory

/// What subjects did over some seconds, from the frames of single ones.
struct TrafficGatherer {
    struct Row {
        var subject: Subject
        /// In all these seconds.
        var requests = 0.0
        var errors = 0.0
        /// Seconds that requests took, summed.
        var latency = 0.0
        var bytes = 0.0
        /// Percentiles of the seconds, each weighed by its requests.
        var p50 = 0.0
        var p99 = 0.0

        /// Of one request; nil without any.
        var meanLatency: Double? { requests > 0 && latency > 0 ? latency / requests : nil }
        var meanP50: Double { requests > 0 ? p50 / requests : 0 }
        var meanP99: Double { requests > 0 ? p99 / requests : 0 }
    }

    private struct Columns {
        var requests: Int
        var errors: Int
        var latency: Int?
        var p50: Int?
        var p99: Int?
        var bytesIn: Int?
        var bytesOut: Int?
    }

    private var roster: Roster?
    private var columns: [Columns] = []
    private var rows: [Row] = []
    private var frames = 0

    /// Listeners have no latency, and nobody acts on them.
    mutating func add(_ frame: Frame) {
        if roster !== frame.roster { begin(frame.roster) }
        frames += 1
        func value(_ position: Int?) -> Double {
            guard let position, position < frame.values.count else { return 0 }
            let value = Double(frame.values[position])
            return value.isFinite && value > 0 ? value : 0
        }
        for (index, columns) in columns.enumerated() {
            let requests = value(columns.requests)
            guard requests > 0 else { continue }
            rows[index].requests += requests
            rows[index].errors += min(requests, value(columns.errors))
            rows[index].latency += requests * value(columns.latency)
            rows[index].p50 += requests * value(columns.p50)
            rows[index].p99 += requests * value(columns.p99)
            rows[index].bytes += value(columns.bytesIn) + value(columns.bytesOut)
        }
    }

    /// What was gathered, and over how many seconds; begins anew.
    mutating func take() -> (rows: [Row], seconds: Double) {
        defer {
            frames = 0
            for index in rows.indices { rows[index] = Row(subject: rows[index].subject) }
        }
        return (rows, Double(frames))
    }

    private mutating func begin(_ roster: Roster) {
        self.roster = roster
        rows = []
        columns = []
        frames = 0
        for subject in roster.subjects where subject.kind != .listener {
            guard let requests = roster.position(of: SeriesName(subject, .requests)),
                let errors = roster.position(of: SeriesName(subject, .errors))
            else { continue }
            rows.append(Row(subject: subject))
            columns.append(
                Columns(
                    requests: requests, errors: errors, latency: roster.position(of: SeriesName(subject, .latencyMean)),
                    p50: roster.position(of: SeriesName(subject, .latencyP50)),
                    p99: roster.position(of: SeriesName(subject, .latencyP99)),
                    bytesIn: roster.position(of: SeriesName(subject, .bytesIn)),
                    bytesOut: roster.position(of: SeriesName(subject, .bytesOut))))
        }
    }
}
