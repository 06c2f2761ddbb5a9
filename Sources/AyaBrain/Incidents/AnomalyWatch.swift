/// Watches many series and keeps the log of what went wrong.
///
/// As many series as fit get a detector. When there are more, one that fell silent gives way to the next newcomer, and
/// while all of them speak newcomers wait: a million series are no more work than fit. Clients can make up as many names
/// as they like, so series of clients only ever push out each other.
package struct AnomalyWatch: Sendable {
    private struct Watched: Sendable {
        var detector: AnomalyDetector
        var lastTime: Double
    }

    /// Seconds after which a series may give way, and between two looks for one when there was none.
    private static let silence = 900.0
    private static let pace = 60.0

    private let capacity: Int
    private let threshold: Double
    /// Where each series stands in `watched`: detectors are large, and a dictionary keeps half of its room free.
    private var places: [SeriesName: Int] = [:]
    private var watched: [Watched] = []
    /// When there was nobody to give way, to a client and to anything else.
    private var lastLook: (client: Double?, other: Double?)
    package private(set) var log: IncidentLog

    /// - Parameters:
    ///   - capacity: series that are watched at a time, of 6 KiB each, two thirds of it their newest rows.
    ///   - threshold: the surprise that raises an alarm.
    package init(
        capacity: Int = 1_000, threshold: Double = AnomalyDetector.quietThreshold,
        policy: IncidentLog.Policy = IncidentLog.Policy()
    ) {
        self.capacity = max(1, capacity)
        self.threshold = threshold
        log = IncidentLog(policy: policy)
    }

    /// Goes on with the incidents of an earlier watch.
    package mutating func restore(_ log: IncidentLog) { self.log = log }

    package var seriesCount: Int { watched.count }

    /// - Returns: what became of an alarm, if the row raised one.
    package mutating func observe(_ sample: Sample, of series: SeriesName) -> IncidentLog.Outcome? {
        guard sample.time.isFinite, let place = places[series] ?? makeRoom(for: series, at: sample.time) else {
            return nil
        }
        watched[place].lastTime = sample.time
        let verdict = watched[place].detector.observe(sample)
        return verdict.isAlarm ? log.record(Alarm(series: series, sample: sample, verdict: verdict)) : nil
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

    /// - Returns: the place of the new series; nil when there is none for it.
    private mutating func makeRoom(for series: SeriesName, at time: Double) -> Int? {
        guard watched.count == capacity else {
            // An eighth at a time: doubling would leave as much room empty as is full.
            if watched.count == watched.capacity { watched.reserveCapacity(watched.count + max(8, watched.count / 8)) }
            watched.append(Watched(detector: AnomalyDetector(threshold: threshold), lastTime: time))
            places[series] = watched.count - 1
            return watched.count - 1
        }
        let isClient = series.subject[.client] != nil
        // Distances either way: clocks are set back, too.
        if let last = isClient ? lastLook.client : lastLook.other, abs(time - last) < Self.pace { return nil }
        // What is no client need not wait for one of them.
        let client = silent(for: isClient ? Self.silence : 0, at: time) { $0.subject[.client] != nil }
        guard let silent = client ?? (isClient ? nil : silent(for: Self.silence, at: time) { _ in true }) else {
            if isClient { lastLook.client = time } else { lastLook.other = time }
            return nil
        }
        places[silent.series] = nil
        places[series] = silent.place
        watched[silent.place] = Watched(detector: AnomalyDetector(threshold: threshold), lastTime: time)
        return silent.place
    }

    /// The series of a kind that was silent longest, if it was for so many seconds.
    private func silent(
        for seconds: Double, at time: Double, _ kind: (SeriesName) -> Bool
    ) -> (series: SeriesName, place: Int)? {
        var longest: (series: SeriesName, place: Int, silence: Double)?
        for (series, place) in places where kind(series) {
            let silence = abs(time - watched[place].lastTime)
            if silence >= max(seconds, longest?.silence ?? 0) { longest = (series, place, silence) }
        }
        return longest.map { ($0.series, $0.place) }
    }
}
