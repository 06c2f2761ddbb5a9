internal import AyaCore

extension Translation {
    /// On by default; nil when it is off.
    func brain(_ map: SectionReader, _ title: String) -> Blueprint.Brain? {
        typealias Keys = Language.Brain
        if map.isSwitchedOff(Language.Pool.brain, by: "off") { return nil }
        var brain = Blueprint.Brain()
        guard let map = map.section(Language.Pool.brain, Keys.section, title: "the brain of \(title)") else {
            return brain
        }
        if let value = map.boolean(Keys.forecast) { brain.forecast = value }
        if map.node(Keys.anomalies) != nil { brain.anomalies = responses(map) }
        if let word = map.word(Keys.precursors) { brain.precursors = .init(rawValue: word) ?? .alert }
        brain.recovery = program(map, Keys.recovery)
        if !brain.recovery.isEmpty, brain.precursors != .drain {
            problems.error("'recovery' belongs to 'precursors: drain'", at: map.keyPlace(Keys.recovery))
        }
        brain.capacity = capacity(map, title)
        brain.tune = tune(map, title)
        return brain
    }

    private func responses(_ map: SectionReader) -> Set<Blueprint.Brain.Response>? {
        typealias Keys = Language.Brain
        let key = Keys.anomalies
        if map.isSwitchedOff(key, by: "off") { return nil }
        if map.isSwitchedOff(key, by: "alert") { return [] }
        guard let node = map.node(key), case .list = node.content else {
            return Set([map.word(key).flatMap(Blueprint.Brain.Response.init)].compactMap(\.self))
        }
        let words = (map.items(key) ?? []).compactMap { reader.word($0, Keys.responses, noun: "response") }
        return Set(words.compactMap(Blueprint.Brain.Response.init))
    }

    func program(_ map: SectionReader, _ key: Key) -> [String] {
        guard let items = map.items(key) else { return [] }
        let words = items.compactMap { reader.text($0, .argument, ProbeText.argument) }
        if words.count == items.count, words.first?.utf8.first != UInt8(ascii: "/") {
            problems.error(
                "'\(key.name)' begins with the absolute path of a program, such as '[/usr/local/bin/scale]'",
                at: map.node(key)?.place)
        }
        return words
    }

    func learning(_ top: SectionReader) -> Blueprint.Learning {
        var learning = Blueprint.Learning()
        let map = top.section(Language.Top.brain, Language.Learning.section, title: "'brain'")
        if let value = map?.duration(Language.Learning.interval) { learning.interval = value }
        return learning
    }

    /// In the order of their beginnings.
    func events(_ top: SectionReader) -> [Blueprint.Event] {
        typealias Keys = Language.Event
        let events = (top.items(Language.Top.events) ?? []).compactMap { node -> Blueprint.Event? in
            guard let map = SectionReader(node, Keys.section, title: "an event", reader),
                let name = map.text(Keys.name, .eventName, LabelText.event),
                let start = map.text(Keys.start, .time, MomentText.parse)
            else { return nil }
            var event = Blueprint.Event(name: name, start: start)
            if let value = map.duration(Keys.length) { event.length = value }
            event.lift = map.text(Keys.lift, .factor, FactorText.parse)
            return event
        }
        return events.sorted { ($0.start, $0.name) < ($1.start, $1.name) }
    }
}
