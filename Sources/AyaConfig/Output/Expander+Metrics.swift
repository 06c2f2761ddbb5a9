internal import AyaCore

extension YAMLWriter {
    mutating func write(_ push: Blueprint.MetricsPush) {
        typealias Keys = Language.Metrics
        map(Keys.otlp) { $0.write(push.collector, url: Language.OTLP.endpoint) }
        duration(Keys.interval, push.interval)
        text(Keys.service, push.service)
    }
}
