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
            "access_log", .anyOf([.section(AccessLog.section), .word(["off"])]), default: "off",
            "One record for each exchange and session.")
        static let drain = Key("drain", .section(Drain.section), "How a stopping Aya finishes.")

        static let zone = Key(
            "zone", .text(.zone), "Where this Aya stands. Pools prefer servers of the same `zone`.")
        static let state = Key(
            "state", .text(.directory), default: "/var/lib/aya",
            "The directory for what outlasts a restart, such as the key of cookies. Aya does not make it.")

        static let history = Key(
            "history", .part(.section(History.section)),
            "What is remembered of requests, errors and latencies, by second, minute and hour.")

        static let process = Key("process", .section(Process.section), "What the process gives up when it starts.")

        package static let section = Section(
            "configuration", "The top level of a configuration.",
            [listeners, routes, pools, admin, workers, accessLog, drain, zone, state, history, process])
    }

    package enum AccessLog {
        static let format = Key("format", .word(["json"]), default: "json", "The form of a record.")
        static let file = Key("file", .text(.filePath), "Append records to this file.")
        static let standardError = Key("stderr", .boolean, default: "false", "Write records to standard error.")
        package static let section = Section(
            "access log", "Where access records go: `file` or `stderr: true`.", [format, file, standardError])
    }

    package enum Drain {
        static let grace = Key(
            "grace", .duration(.zero...longTime), default: DurationText.describe(Blueprint.Drain().grace),
            "How long exchanges and sessions in flight may take to finish.")
        package static let section = Section("drain", "How a stopping Aya finishes.", [grace])
    }
}
