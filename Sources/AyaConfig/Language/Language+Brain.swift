internal import AyaCore

extension Language {
    package enum Brain {
        private static let defaults = Blueprint.Brain()

        static let forecast = Key(
            "forecast", .boolean, default: "true", "Forecasts of its load, and alerts that come of them.")
        static let responses = Blueprint.Brain.Response.allCases.map(\.rawValue)
        static let anomalies = Key(
            "anomalies", .anyOf([.word(["off", "alert"] + responses), .list(of: .word(responses))]), default: "alert",
            """
            What is done about something unusual. It is told of, and as this says the server that it comes from is ejected, \
            a limit is set while a rush is more than servers answer well, the pool, being on trial, gives its share of routes \
            back to the others, or the client that a rush comes from is held to less.
            """)
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
        static let tune = Key(
            "tune", .part(.section(Tune.section)), default: "off",
            """
            What of the pool is tuned, and within which bounds. Each change is advice, and is taken back when it does \
            harm.
            """)
        package static let section = Section(
            "brain", "What the brain may do about a pool.", [forecast, anomalies, precursors, recovery, capacity, tune])
    }

    package enum Learning {
        static let interval = Key(
            "interval", .duration(.seconds(1)...longTime / 24),
            default: DurationText.describe(Blueprint.Learning().interval),
            """
            Between two looks at pools and routes, in whole seconds; servers are looked at six times as often. Shorter \
            notices sooner and errs more often: it is for trying out what the brain does.
            """)
        package static let section = Section("learning", "How the brain as a whole works.", [interval])
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
