internal import AyaCore

extension Translation {
    mutating func translateTracing(_ top: SectionReader) {
        typealias Keys = Language.Tracing
        guard let map = top.part(Language.Top.tracing, Keys.section, title: "'tracing'") else { return }
        var tracing = Blueprint.Tracing()
        if let map = map.section(Keys.otlp, Language.OTLP.section, title: "'otlp' of 'tracing'") {
            tracing.collector = collector(map, "'otlp' of 'tracing'", url: Language.OTLP.endpoint)
        }
        if let sample = map.share(Keys.sample) { tracing.sample = sample }
        if !map.isSwitchedOff(Keys.slow, by: "none") { tracing.slow = map.duration(Keys.slow) }
        if let service = map.text(Keys.service, .label, LabelText.label) { tracing.service = service }
        if let items = map.items(Keys.formats) {
            let words = Blueprint.Tracing.Format.allCases.map(\.rawValue)
            let formats = items.compactMap { reader.word($0, words, noun: "format") }
            tracing.formats = Set(formats.compactMap(Blueprint.Tracing.Format.init))
            if items.isEmpty { problems.error("'formats' names none", at: map.keyPlace(Keys.formats)) }
        }
        draft.tracing = tracing
    }
}
