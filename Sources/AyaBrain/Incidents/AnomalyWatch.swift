/// Watches many series and keeps the log of what went wrong.
///
/// As many series as fit get a detector; when there are more, the one that was silent longest gives way. Clients can
/// make up as many names as they like, so series of clients only ever push out each other.
package struct AnomalyWatch: Sendable {
    private struct Watched: Sendable {
        var detector: AnomalyDetector
        var lastRow: Int
    }

    private let capacity: Int
    private let threshold: Double
    private var watched: [SeriesName: Watched] = [:]
    private var row = 0
    package private(set) var log: IncidentLog

    /// - Parameters:
    ///   - capacity: series that are watched at a time, of 8 KiB each.
    ///   - threshold: the surprise that raises an alarm.
    package init(
        capacity: Int = 1_000, threshold: Double = AnomalyDetector.quietThreshold,
        policy: IncidentLog.Policy = IncidentLog.Policy()
    ) {
        self.capacity = max(1, capacity)
        self.threshold = threshold
        log = IncidentLog(policy: policy)
    }

    package var seriesCount: Int { watched.count }

    /// - Returns: what became of an alarm, if the row raised one.
    package mutating func observe(_ sample: Sample, of series: SeriesName) -> IncidentLog.Outcome? {
        row &+= 1
        if watched[series] == nil {
            guard watched.count < capacity || makeRoom(for: series) else { return nil }
            watched[series] = Watched(detector: AnomalyDetector(threshold: threshold), lastRow: row)
        }
        watched[series]?.lastRow = row
        guard let verdict = watched[series]?.detector.observe(sample), verdict.isAlarm else { return nil }
        return log.record(Alarm(series: series, sample: sample, verdict: verdict))
    }

    /// The same for what is long past: alarms of then are nobody's any more.
    package mutating func learn(_ sample: Sample, of series: SeriesName) {
        let kept = log
        _ = observe(sample, of: series)
        log = kept
    }

    /// - Returns: the incidents that are over by now.
    package mutating func advance(to time: Double) -> [Incident] { log.advance(to: time) }

    package mutating func explain(_ id: Int, by slices: [Slice]) {
        log.explain(id, by: DrillDown.culprits(of: slices))
    }

    private mutating func makeRoom(for series: SeriesName) -> Bool {
        let oldest = watched.lazy.filter { $0.key.subject[.client] != nil }.min { $0.value.lastRow < $1.value.lastRow }
        if let oldest {
            watched[oldest.key] = nil
            return true
        }
        guard series.subject[.client] == nil else { return false }
        guard let oldest = watched.min(by: { $0.value.lastRow < $1.value.lastRow }) else { return true }
        watched[oldest.key] = nil
        return true
    }
}
