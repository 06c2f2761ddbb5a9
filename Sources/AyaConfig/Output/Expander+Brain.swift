internal import AyaCore

extension YAMLWriter {
    mutating func write(_ brain: Blueprint.Brain) {
        typealias Keys = Language.Brain
        boolean(Keys.forecast, brain.forecast)
        word(Keys.anomalies, brain.anomalies.rawValue)
        word(Keys.precursors, brain.precursors.rawValue)
        program(Keys.recovery, brain.recovery)
        part(Keys.capacity, brain.capacity) { $0.write($1) }
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
