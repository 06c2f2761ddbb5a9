internal import AyaCore

extension Language {
    package enum History {
        private static let defaults = Blueprint.History()

        static let directory = Key(
            "directory", .text(.directory), "Where `history.sqlite` is; without it the directory of `state`.")
        static let retention = Key("retention", .section(Retention.section), "How far back it goes.")
        static let size = Key(
            "max_size", .size(ByteCount.mebibytes(1)...ByteCount.mebibytes(1 << 20)), default: "\(defaults.size)",
            "What it may take on the disk; the oldest goes first. In memory, where there is no directory, 64MiB at most."
        )
        static let seriesLimit = Key(
            "max_series", .integer(100...1_000_000), default: "\(defaults.seriesLimit)",
            "Series of one moment. Servers beyond it have no history; they are counted.")

        package static let section = Section(
            "history", "Series of every listener, route, pool and server, for the dashboard and the brain.",
            [directory, retention, size, seriesLimit])
    }

    package enum Retention {
        private static let defaults = Blueprint.History()
        private static let range = Duration.seconds(60)...Duration.seconds(100 * 365 * 86_400)

        static let seconds = Key(
            "seconds", .duration(range), default: DurationText.describe(defaults.seconds), "Values of each second.")
        static let minutes = Key(
            "minutes", .duration(range), default: DurationText.describe(defaults.minutes), "Values of each minute.")
        static let hours = Key(
            "hours", .duration(range), default: DurationText.describe(defaults.hours), "Values of each hour.")

        package static let section = Section(
            "history retention", "How far back values of each resolution go.", [seconds, minutes, hours])
    }
}
