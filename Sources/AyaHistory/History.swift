package import AyaTelemetry

/// The series of everything that a running Aya counts: the last two minutes in memory, the rest in a store.
///
/// Frames come in each second and are written ten at a time; whoever asks finds them at once. What can not be written
/// is said, tried again, and never anybody's problem but history's own.
package actor History {
    private let thread: HistoryThread
    nonisolated package var unownedExecutor: UnownedSerialExecutor {
        // Safe: this actor holds it.
        unsafe thread.asUnownedSerialExecutor()
    }

    private let log: Log
    private var sampler: Sampler
    private var window = RecentWindow()
    private var store: HistoryStore
    /// Everything before it is written, or was lost.
    private var writtenUpTo: Int64?
    /// Not written yet.
    private var percentiles: [Percentiles] = []
    /// What comes while nothing can be written is kept as long as seconds are.
    private static let mostPercentiles = 4
    private var fault: String?
    private var counts = HistoryCounts()
    private var isEnded = false
    private var followers: [Int: @Sendable (Frame) -> Void] = [:]
    private var followerNumber = 0

    /// Nil when the system has no thread.
    package init?(_ settings: Settings, log: Log) {
        guard let thread = HistoryThread() else { return nil }
        self.thread = thread
        self.log = log
        sampler = Sampler(limit: settings.seriesLimit)
        store = HistoryStore(settings)
    }

    // MARK: writing

    /// Adds what has happened since the reading before.
    package func take(_ reading: Sampler.Reading) {
        guard !isEnded, let frame = sampler.frame(at: reading) else { return }
        percentiles = (percentiles + sampler.percentiles).suffix(Self.mostPercentiles)
        take(frame)
        counts.seriesDropped = sampler.overflow
    }

    package func take(_ frame: Frame) {
        guard window.add(frame) else { return }
        counts.series = frame.roster.valueCount
        for receive in followers.values { receive(frame) }
        let stretch = frame.time.floored(to: Resolution.second.chunkLength)
        // The first frame of a stretch says that the one before is whole.
        guard let written = writtenUpTo else {
            writtenUpTo = frame.time
            attempt { _ in }
            return
        }
        if written > frame.time { writtenUpTo = frame.time }
        if stretch > written { write(upTo: stretch) }
    }

    private func write(upTo end: Int64) {
        let begin = max(writtenUpTo ?? end, window.start ?? end)
        let frames = begin < end ? (begin..<end).compactMap { window[$0] } : []
        let percentiles = percentiles.filter { $0.time + $0.resolution.step <= end }
        let isDone = attempt { store throws(HistoryStore.Fault) in
            try store.trim(now: end)
            try store.write(frames, percentiles, upTo: end)
        }
        guard isDone else { return }
        writtenUpTo = end
        self.percentiles.removeAll { $0.time + $0.resolution.step <= end }
    }

    /// Writes what is not written, and lets another process write. Nothing comes in any more.
    package func end() {
        guard !isEnded else { return }
        if let newest = window.newest { write(upTo: newest.time + 1) }
        isEnded = true
        store.file.close()
    }

    /// Does something with the store, if this process is the one that writes; says when that begins to fail, and when
    /// it works again.
    @discardableResult
    private func attempt(_ work: (inout HistoryStore) throws(HistoryStore.Fault) -> Void) -> Bool {
        guard store.file.isWriter else {
            note("another process writes it, or its directory is not ours")
            return false
        }
        do throws(HistoryStore.Fault) {
            _ = try store.file.database()
            try work(&store)
            counts.bytes = try store.size()
            note(nil)
            return true
        } catch {
            counts.writeFailures += 1
            if error.isDamage, let name = store.file.setAside() {
                log.error("the file of history is damaged and was set aside", ["file": name])
            }
            store.reopen()
            note(error.description)
            return false
        }
    }

    private func note(_ reason: String?) {
        counts.up = reason == nil ? 1 : 0
        guard reason != fault else { return }
        fault = reason
        if let reason {
            log.error("history is not kept", ["reason": reason])
        } else {
            log.notice("history is kept")
        }
    }

    // MARK: reading

    /// The values of some series; not a number where there is none. Empty when the store can not be read.
    package func values(of series: [SeriesName], _ span: Span) -> [SeriesName: [Float]] {
        var found: [SeriesName: [Float]] = [:]
        let subjects = Dictionary(grouping: series, by: \.subject)
        for (subject, names) in subjects {
            let stored = (try? store.read(subject, names.map(\.metric), span)) ?? [:]
            for name in names {
                var values = stored[name.metric] ?? [Float](repeating: .nan, count: span.count)
                if span.resolution == .second { overlay(name, span, &values) }
                found[name] = values
            }
        }
        return found
    }

    /// The values of one series from a time on, in seconds since 1970; nil when that is no name of a series.
    package func series(named name: String, _ resolution: Resolution, from: Int64, to: Int64) -> [Float]? {
        guard let series = SeriesName(name) else { return nil }
        return values(of: [series], Span(resolution, from: from, to: to))[series] ?? []
    }

    /// What is in memory, and may not be in the store yet.
    private func overlay(_ name: SeriesName, _ span: Span, _ values: inout [Float]) {
        guard let start = window.start else { return }
        for time in max(start, span.start)..<max(start, span.start, span.end) {
            guard let frame = window[time], let position = frame.roster.position(of: name) else { continue }
            values[Int(time - span.start)] = frame.values[position]
        }
    }

    /// The names of every series that there is or was.
    package func names() -> [SeriesName] {
        let now = window.newest?.roster.subjects ?? []
        let known = Set(now)
        let former = ((try? store.subjects()) ?? []).filter { !known.contains($0) }
        return (now + former).flatMap { subject in subject.metrics.map { SeriesName(subject, $0) } }
    }

    package func state() -> HistoryCounts { counts }

    /// Why it is not written; nil when it is.
    package var problem: String? { fault }

    // MARK: papers

    /// Keeps what somebody wrote about the series, under a name, in place of what was there. False when it can not be
    /// written now.
    package func keep(_ paper: [UInt8], as name: String) -> Bool {
        guard !isEnded else { return false }
        return attempt { store throws(HistoryStore.Fault) in try store.keep(paper, as: name) }
    }

    /// Nil when there is none, or it can not be read.
    package func paper(_ name: String) -> [UInt8]? { (try? store.paper(name)) ?? nil }

    /// Removes all of them. False when that is not possible now.
    package func discardPapers() -> Bool {
        attempt { store throws(HistoryStore.Fault) in try store.discardPapers() }
    }

    // MARK: following

    /// Has `receive` called with each frame; the number is for `unfollow`.
    package func follow(_ receive: @escaping @Sendable (Frame) -> Void) -> Int {
        followerNumber += 1
        followers[followerNumber] = receive
        return followerNumber
    }

    package func unfollow(_ number: Int) { followers[number] = nil }

    // MARK: forgetting

    /// Removes what is kept of some subjects, or of all. False when that is not possible now.
    package func forget(_ subjects: [Subject]?) -> Bool {
        let isDone = attempt { store throws(HistoryStore.Fault) in try store.forget(subjects) }
        let what = subjects.map { $0.map(\.name).joined(separator: ", ") } ?? "everything"
        if isDone { log.notice("history was removed", ["of": what]) }
        if isDone, subjects == nil {
            writtenUpTo = window.newest.map { $0.time + 1 }
            window.removeAll()
        }
        return isDone
    }
}
