internal import AyaCore

extension Language {
    package enum Brain {
        private static let defaults = Blueprint.Brain()

        static let forecast = Key(
            "forecast", .boolean, default: "true", "Forecasts of its load, and alerts that come of them.")
        static let anomalies = Key(
            "anomalies", .word(Blueprint.Brain.Response.allCases.map(\.rawValue)),
            default: defaults.anomalies.rawValue,
            "What is done about something unusual: told, or also the server ejected that it comes from.")
        static let precursors = Key(
            "precursors", .word(Blueprint.Brain.Precaution.allCases.map(\.rawValue)),
            default: defaults.precursors.rawValue,
            "What is done about a server that shows the signs of a failure to come: told, or also drained.")
        static let recovery = Key(
            "recovery", .list(of: .text(.argument)),
            "A program, with its arguments, that is run for a server that was drained so; `AYA_POOL` and `AYA_SERVER` name it."
        )
        static let capacity = Key(
            "capacity", .part(.section(Capacity.section)), default: "off",
            "Advice on the number of servers, ahead of demand.")
        package static let section = Section(
            "brain", "What the brain may do about a pool.", [forecast, anomalies, precursors, recovery, capacity])
    }

    package enum Capacity {
        static let servers = 1...100_000
        private static let defaults = Blueprint.Brain.Capacity(least: 1, most: 1)

        static let least = Key("min", .integer(servers), required: true, "The fewest servers.")
        static let most = Key("max", .integer(servers), required: true, "The most servers.")
        static let leadTime = Key(
            "lead_time", .duration(.seconds(1)...longTime), default: DurationText.describe(defaults.leadTime),
            "From the wish for a server to its first request.")
        static let costWeight = Key(
            "cost_weight", .share(0...1), default: ShareText.describe(defaults.costWeight),
            "How little of the forecast's uncertainty is provided for: 0% is 39 of 40 outcomes, 100% is half of them.")
        static let hook = Key(
            "hook", .list(of: .text(.argument)),
            """
            A program, with its arguments, that makes the number of servers what is wanted: `AYA_POOL`, `AYA_SERVERS` \
            and `AYA_PRESENT` tell. Without one, there is advice only.
            """)
        package static let section = Section(
            "capacity", "The bounds of the number of servers, and who changes it.",
            [least, most, leadTime, costWeight, hook])
    }

    package enum Event {
        static let name = Key(
            "name", .text(.eventName), required: true, "Events of one name teach each other what they do.")
        static let start = Key("at", .text(.time), required: true, "When it begins.")
        static let length = Key(
            "for", .duration(.seconds(1)...Duration.seconds(366 * 86_400)), default: "1h", "How long it lasts.")
        static let lift = Key(
            "lift", .text(.factor), "How many times the usual load is expected; counts as much as one occurrence seen.")
        package static let section = Section(
            "event", "Something that lifts load and is known beforehand.", [name, start, length, lift])
    }
}
