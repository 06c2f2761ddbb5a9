internal import AyaCore

extension YAMLWriter {
    mutating func write(_ brain: Blueprint.Brain) {
        typealias Keys = Language.Brain
        boolean(Keys.forecast, brain.forecast)
        write(brain.anomalies)
        word(Keys.precursors, brain.precursors.rawValue)
        program(Keys.recovery, brain.recovery)
        part(Keys.capacity, brain.capacity) { $0.write($1) }
        part(Keys.tune, brain.tune) { writer, tune in
            typealias Keys = Language.Tune
            writer.bounds(Keys.weights, tune.weights) { $0.count($1, $2) }
            writer.bounds(Keys.concurrency, tune.concurrency) { $0.count($1, $2) }
            writer.bounds(Keys.responseTimeout, tune.responseTimeout) { $0.duration($1, $2) }
            writer.bounds(Keys.outlierLatency, tune.outlierLatency) { $0.word($1, DecimalText.describe($2)) }
            writer.bounds(Keys.retryBudget, tune.retryBudget) { $0.share($1, $2) }
            writer.bounds(Keys.hedgeAfter, tune.hedgeAfter) { $0.duration($1, $2) }
        }
    }

    private mutating func bounds<Value>(
        _ bounds: Language.Tune.Bounds, _ range: ClosedRange<Value>?, _ write: (inout YAMLWriter, Key, Value) -> Void
    ) {
        guard let range else { return }
        map(bounds.key) { writer in
            write(&writer, bounds.least, range.lowerBound)
            write(&writer, bounds.most, range.upperBound)
        }
    }

    private mutating func write(_ responses: Set<Blueprint.Brain.Response>?) {
        let key = Language.Brain.anomalies
        let words = responses.map { responses in Blueprint.Brain.Response.allCases.filter(responses.contains) }
        switch words?.count {
        case nil: word(key, "off")
        case 0: word(key, "alert")
        case 1: word(key, words?.first?.rawValue ?? "alert")
        default: map(key) { writer in for word in words ?? [] { writer.item(word: word.rawValue) } }
        }
    }

    mutating func program(_ key: Key, _ words: [String]) {
        guard !words.isEmpty else { return }
        map(key) { writer in for word in words { writer.item(word) } }
    }

    mutating func write(_ events: [Blueprint.Event]) {
        typealias Keys = Language.Event
        guard !events.isEmpty else { return }
        map(Language.Top.events) { writer in
            for event in events {
                writer.item { writer in
                    writer.text(Keys.name, event.name)
                    writer.text(Keys.start, MomentText.describe(event.start))
                    writer.duration(Keys.length, event.length)
                    if let lift = event.lift { writer.word(Keys.lift, FactorText.describe(lift)) }
                }
            }
        }
    }
}
