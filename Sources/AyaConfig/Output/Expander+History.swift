internal import AyaCore

extension YAMLWriter {
    mutating func write(_ history: Blueprint.History) {
        if let directory = history.directory { text(Language.History.directory, directory) }
        map(Language.History.retention) { writer in
            writer.duration(Language.Retention.seconds, history.seconds)
            writer.duration(Language.Retention.minutes, history.minutes)
            writer.duration(Language.Retention.hours, history.hours)
        }
        word(Language.History.size, "\(history.size)")
        count(Language.History.seriesLimit, history.seriesLimit)
    }
}
