internal import AyaCore

extension Translation {
    /// What concerns the process as a whole: admin, workers, access log, drain.
    mutating func translateProcess(_ top: SectionReader) {
        translateAdmin(top)
        if !top.isSwitchedOff(Language.Top.workers, by: "auto"), let count = top.integer(Language.Top.workers) {
            draft.workers = .exactly(count)
        }
        translateAccessLogs(top)
        translateTracing(top)
        translateMetrics(top)
        translateAlerts(top)
        if let map = top.section(Language.Top.drain, Language.Drain.section, title: "'drain'"),
            let grace = map.duration(Language.Drain.grace)
        {
            draft.drain.grace = grace
        }
        if let node = top.node(Language.Top.zone), let zone = reader.text(node, .zone, LabelText.zone) {
            draft.zone = Placed(value: zone, place: node.place)
        }
        translateHistory(top)
        translateConfinement(top)
        draft.learning = learning(top)
        draft.events = events(top)
        draft.state = top.text(Language.Top.state, .directory, Self.path)
    }

    static func path(_ text: String) throws(InvalidText) -> String {
        guard !text.isEmpty, text.utf8.count < 4096, !text.utf8.contains(0) else {
            throw InvalidText("'\(shortened(text))' is not a path")
        }
        return text
    }
}
