internal import AyaCore

extension Translation {
    func tune(_ map: SectionReader, _ title: String) -> Blueprint.Tune? {
        typealias Keys = Language.Tune
        let place = map.keyPlace(Language.Brain.tune)
        guard let map = map.part(Language.Brain.tune, Keys.section, title: "the tuning of \(title)") else { return nil }
        var tune = Blueprint.Tune()
        tune.weights = bounds(map, Keys.weights, title) { $0.integer($1) }
        tune.concurrency = bounds(map, Keys.concurrency, title) { $0.integer($1) }
        tune.responseTimeout = bounds(map, Keys.responseTimeout, title) { $0.duration($1) }
        tune.outlierLatency = bounds(map, Keys.outlierLatency, title) { $0.decimal($1) }
        tune.retryBudget = bounds(map, Keys.retryBudget, title) { $0.share($1) }
        tune.hedgeAfter = bounds(map, Keys.hedgeAfter, title) { $0.duration($1) }
        if tune == Blueprint.Tune(), Keys.section.keys.allSatisfy({ map.node($0) == nil }) {
            problems.error("'tune' names nothing to tune (write 'tune: off')", at: place)
        }
        return tune
    }

    private func bounds<Value: Comparable>(
        _ map: SectionReader, _ bounds: Language.Tune.Bounds, _ title: String,
        _ read: (SectionReader, Key) -> Value?
    ) -> ClosedRange<Value>? {
        let map = map.section(bounds.key, bounds.section, title: "'\(bounds.key.name)' in the tuning of \(title)")
        guard let map, let least = read(map, bounds.least), let most = read(map, bounds.most) else { return nil }
        guard least <= most else {
            problems.error("'min' is more than 'max'", at: map.keyPlace(bounds.least))
            return nil
        }
        return least...most
    }

    /// What is switched off, or tunes itself, can't be tuned.
    func checkTuning(of pool: Blueprint.Pool, _ map: SectionReader) {
        guard let tune = pool.brain?.tune else { return }
        let place = map.keyPlace(Language.Pool.brain)
        func refuse(_ bounds: Language.Tune.Bounds, _ why: String) {
            problems.error("'\(bounds.key.name)' can't be tuned: \(why)", at: place)
        }
        if tune.concurrency != nil, case .adaptive = pool.concurrency {
            refuse(Language.Tune.concurrency, "'concurrency: adaptive' does so itself")
        }
        if tune.outlierLatency != nil, pool.outliers == nil {
            refuse(Language.Tune.outlierLatency, "'outliers' is off")
        }
        if tune.retryBudget != nil, pool.retry.attempts == 1 { refuse(Language.Tune.retryBudget, "'retry' is off") }
        if tune.hedgeAfter != nil, pool.hedge == .off { refuse(Language.Tune.hedgeAfter, "'hedge' is off") }
    }
}
