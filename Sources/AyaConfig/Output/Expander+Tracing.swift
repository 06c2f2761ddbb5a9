internal import AyaCore

extension YAMLWriter {
    mutating func write(_ tracing: Blueprint.Tracing) {
        typealias Keys = Language.Tracing
        if let collector = tracing.collector {
            map(Keys.otlp) { $0.write(collector, url: Language.OTLP.endpoint) }
        }
        share(Keys.sample, tracing.sample)
        duration(Keys.slow, tracing.slow)
        map(Keys.formats) { writer in
            for format in Blueprint.Tracing.Format.allCases where tracing.formats.contains(format) {
                writer.item(word: format.rawValue)
            }
        }
        text(Keys.service, tracing.service)
    }
}
