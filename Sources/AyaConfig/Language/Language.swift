/// The whole configuration language as tables: one namespace per section, one constant per key.
package enum Language {
    static let longTime = Duration.seconds(86_400)
    static let timeout = Duration.milliseconds(1)...longTime
    static let weights = 0...1_000_000

    /// The top of a file.
    package enum Top {
        static let listeners = Key(
            "listeners", .named(.name, .section(Listener.section)), required: true,
            "The addresses that clients connect to, by name.")
        static let routes = Key(
            "routes", .named(.name, .section(Route.section)),
            """
            What happens to a request, by name. The most specific match wins, whatever the order. Without routes, a \
            single pool takes everything by a route named `default`.
            """)
        static let pools = Key(
            "pools", .named(.name, .section(Pool.section)), "Groups of interchangeable servers, by name.")
        static let admin = Key(
            "admin", .anyOf([.section(Admin.section), .word(["off"])]),
            """
            The admin API, health and metrics. Without it they are on the unix socket `/run/aya/admin.sock`, where \
            `/run/aya` exists.
            """)
        static let workers = Key(
            "workers", .anyOf([.integer(1...1024), .word(["auto"])]), default: "auto",
            "Threads that carry traffic; `auto` is one for each processor the process may run on.")
        static let accessLog = Key(
            "access_log", .part(.section(AccessLog.section)), default: "off",
            "One record for each exchange and session.")
        static let accessLogs = Key(
            "access_logs", .named(.name, .section(AccessLog.section)),
            "The same for more than one log, by name. Each has a queue of its own: none waits for another.")
        static let tracing = Key(
            "tracing", .part(.section(Tracing.section)), default: "off",
            "Distributed traces: requests carry their place in one to servers, and Aya's own spans are exported.")
        static let metrics = Key(
            "metrics", .part(.section(Metrics.section)), default: "off",
            "Send metrics to a collector. Whoever fetches finds them at the admin listener, whatever this says.")
        static let alerts = Key(
            "alerts", .part(.section(Alerts.section)), default: "off", "What operators are told of, and how.")
        static let drain = Key("drain", .section(Drain.section), "How a stopping Aya finishes.")

        static let zone = Key(
            "zone", .text(.zone), "Where this Aya stands. Pools prefer servers of the same `zone`.")
        static let state = Key(
            "state", .text(.directory), default: "/var/lib/aya",
            "The directory for what outlasts a restart, such as the key of cookies. Aya does not make it.")

        static let history = Key(
            "history", .part(.section(History.section)),
            "What is remembered of requests, errors and latencies, by second, minute and hour.")
        static let brain = Key(
            "brain", .section(Learning.section), "How often the brain looks; what it may do, each pool says.")
        static let events = Key(
            "events", .list(of: .section(Event.section)),
            "Campaigns, broadcasts, holidays: what is known to lift load, past and coming.")

        static let process = Key("process", .section(Process.section), "What the process gives up when it starts.")

        package static let section = Section(
            "configuration", "The top level of a configuration.",
            [
                listeners, routes, pools, admin, workers, accessLog, accessLogs, tracing, metrics, alerts, drain, zone,
                state, history, brain, events, process,
            ])
    }

    package enum Drain {
        static let grace = Key(
            "grace", .duration(.zero...longTime), default: DurationText.describe(Blueprint.Drain().grace),
            "How long exchanges and sessions in flight may take to finish.")
        package static let section = Section("drain", "How a stopping Aya finishes.", [grace])
    }
}
