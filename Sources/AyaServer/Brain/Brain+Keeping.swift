internal import AyaAdmin
internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaTelemetry

/// What outlasts a restart or an upgrade besides history: advice and incidents, in history's own file, so that who
/// deletes that deletes all.
extension Brain {
    private static let advicePaper = "brain/advice"
    private static let incidentsPaper = "brain/incidents"
    private static let tuningPaper = "brain/tuning"
    private static let interruption = "nobody knows: Aya ended meanwhile"

    func restore() async {
        if let bytes = await history.paper(Self.advicePaper) {
            book = AdviceBook(keeping: bytes, interruption: Self.interruption)
        }
        if let bytes = await history.paper(Self.incidentsPaper) { watch.restore(IncidentLog(keeping: bytes)) }
        saved = (book.revision, watch.log.revision)
    }

    /// Writes what has changed since it was written.
    func save() async {
        let now = (advice: book.revision, incidents: watch.log.revision)
        if now.advice != saved.advice, await history.keep(book.keeping, as: Self.advicePaper) {
            saved.advice = now.advice
        }
        if now.incidents != saved.incidents, await history.keep(watch.log.keeping, as: Self.incidentsPaper) {
            saved.incidents = now.incidents
        }
        let tunings = acts.tunings
        if hasResumed, tunings != savedTunings, await history.keep(tunings.keeping, as: Self.tuningPaper) {
            savedTunings = tunings
        }
    }

    /// Tunes pools as they were tuned before, where the configuration is still the one that was tuned.
    func resumeTuning() async {
        guard let bytes = await history.paper(Self.tuningPaper) else { return }
        for kept in KeptTunings(keeping: bytes).tunings {
            guard let (pool, tuning) = acts.configured(kept.pool), pool.brain?.tune != nil, tuning == nil,
                PoolSettings(pool) == kept.configured
            else { continue }
            let problem = await acts.tune(kept.pool, to: kept.settings, because: "as before the restart")
            if let problem { log.warning("pool could not be tuned", ["pool": kept.pool, "reason": problem]) }
        }
        savedTunings = acts.tunings
    }

    /// Begins anew, as if nothing had been learned. History itself stays; who wants it gone has it forgotten first.
    ///
    /// - Returns: false when what is on the disk can not be removed now.
    func forget() async -> Bool {
        let isDone = await history.discardPapers()
        book = AdviceBook()
        watch = AnomalyWatch(capacity: Brain.watchedSeries)
        slices = SliceMemory()
        minds = [:]
        tactics = [:]
        saved = (0, 0)
        for tuning in acts.tunings.tunings {
            _ = await acts.tune(tuning.pool, to: nil, because: "everything is forgotten")
        }
        tuners = [:]
        savedTunings = KeptTunings()
        if isDone { log.notice("the brain has forgotten what it learned") }
        return isDone
    }
}
