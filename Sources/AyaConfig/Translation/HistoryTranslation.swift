extension Translation {
    mutating func translateHistory(_ top: SectionReader) {
        typealias Keys = Language.History
        guard !top.isSwitchedOff(Language.Top.history, by: "off") else { return draft.history = nil }
        guard let map = top.section(Language.Top.history, Keys.section, title: "'history'") else { return }
        var history = Blueprint.History()
        history.directory = map.text(Keys.directory, .directory, Self.path)
        if let size = map.size(Keys.size) { history.size = size }
        if let limit = map.integer(Keys.seriesLimit) { history.seriesLimit = limit }
        if let times = map.section(Keys.retention, Language.Retention.section, title: "'history: retention'") {
            if let seconds = times.duration(Language.Retention.seconds) { history.seconds = seconds }
            if let minutes = times.duration(Language.Retention.minutes) { history.minutes = minutes }
            if let hours = times.duration(Language.Retention.hours) { history.hours = hours }
        }
        draft.history = history
    }
}
