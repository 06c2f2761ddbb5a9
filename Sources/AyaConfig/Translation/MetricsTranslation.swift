internal import AyaCore

extension Translation {
    mutating func translateMetrics(_ top: SectionReader) {
        typealias Keys = Language.Metrics
        guard let map = top.part(Language.Top.metrics, Keys.section, title: "'metrics'"),
            let otlp = map.section(Keys.otlp, Language.OTLP.section, title: "'otlp' of 'metrics'"),
            let collector = collector(otlp, "'otlp' of 'metrics'", url: Language.OTLP.endpoint)
        else { return }
        var push = Blueprint.MetricsPush(collector: collector)
        if let interval = map.duration(Keys.interval) { push.interval = interval }
        if let service = map.text(Keys.service, .label, LabelText.label) { push.service = service }
        draft.metrics = push
    }
}
