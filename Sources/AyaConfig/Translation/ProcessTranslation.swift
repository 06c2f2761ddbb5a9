internal import AyaCore

extension Translation {
    /// What concerns the process as a whole: admin, workers, access log, drain.
    mutating func translateProcess(_ top: SectionReader) {
        translateAdmin(top)
        if !top.isSwitchedOff(Language.Top.workers, by: "auto"), let count = top.integer(Language.Top.workers) {
            draft.workers = .exactly(count)
        }
        translateAccessLog(top)
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
        draft.state = top.text(Language.Top.state, .directory, Self.path)
    }

    static func path(_ text: String) throws(InvalidText) -> String {
        guard !text.isEmpty, text.utf8.count < 4096, !text.utf8.contains(0) else {
            throw InvalidText("'\(shortened(text))' is not a path")
        }
        return text
    }

    private mutating func translateAccessLog(_ top: SectionReader) {
        typealias Keys = Language.AccessLog
        guard !top.isSwitchedOff(Language.Top.accessLog, by: "off"),
            let map = top.section(Language.Top.accessLog, Keys.section, title: "'access_log'")
        else { return }
        _ = map.word(Keys.format)
        let file = map.text(Keys.file, .filePath, Self.path)
        let standardError = map.boolean(Keys.standardError) ?? false
        switch (map.node(Keys.file) != nil, standardError) {
        case (true, true):
            problems.error("'access_log' has two targets, 'file' and 'stderr'", at: map.keyPlace(Keys.standardError))
        case (false, false):
            problems.error(
                "'access_log' has no target ('file' or 'stderr: true'; 'access_log: off' for none)", at: map.place)
        case (true, false): if let file { draft.accessLog = .file(path: file) }
        case (false, true): draft.accessLog = .standardError
        }
    }
}
