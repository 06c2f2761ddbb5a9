internal import AyaTelemetry

extension OpenAPISchema {
    /// The components of the document, by name.
    static let components: [(name: String, schema: OpenAPISchema)] = [
        ("Problem", problem), ("Change", change), ("Difference", difference), ("Generations", generations),
        ("Status", status), ("Audit", audit),
        ("LogLevel", .object([("level", .words(levels)), ("kept", .nullable(.words(levels)))])),
        ("LogLevelChange", .object([("level", .words(levels)), ("keep", .optional(.boolean))])),
        ("Server", server), ("ServerChange", serverChange), ("RouteChange", .object([("enabled", .boolean)])),
        ("Question", question), ("Explanation", explanation), ("History", history),
        ("Alerts", alerts), ("Silence", silence),
    ]

    private static let alerts = OpenAPISchema.object([
        (
            "alerts",
            .list(
                .object([
                    ("name", .string), ("state", .words(["pending", "firing", "resolved"])), ("since", .number),
                    ("subject", .string), ("value", .number), ("threshold", .number), ("reason", .string),
                    ("silenced_until", .nullable(.number)),
                ]))
        )
    ])

    private static let silence = OpenAPISchema.object([
        ("name", .optional(.string)), ("subject", .optional(.string)), ("for", .string),
    ])

    private static let levels = Log.Level.allCases.map(\.name)
    private static let lines = OpenAPISchema.list(.string)

    private static let problem = OpenAPISchema.object([
        ("type", .string), ("title", .string), ("status", .integer(400...599)), ("code", .string), ("blame", .string),
        ("detail", .optional(.string)), ("problems", .optional(lines)),
    ])

    private static let change = OpenAPISchema.object([
        ("generation", .count), ("description", .string), ("summary", .string), ("changes", lines),
        ("warnings", lines), ("duration_seconds", .number),
    ])

    private static let difference = OpenAPISchema.object([("summary", .string), ("changes", lines)])

    private static let generations = OpenAPISchema.object([
        (
            "generations",
            .list(
                .object([
                    ("generation", .count), ("time", .format("date-time")), ("origin", .string), ("summary", .string),
                    ("running", .boolean),
                ]))
        )
    ])

    private static let status = OpenAPISchema.object([
        ("version", .string), ("generation", .count), ("state", .words(["starting", "ready", "draining"])),
        ("uptime_seconds", .number), ("workers", .count), ("silent_workers", .list(.count)),
        ("listeners", .list(.object([("name", .string), ("protocol", .string), ("address", .string)]))),
        ("routes", .list(.object([("name", .string), ("in_flight", .integer(nil))]))),
        ("pools", .list(pool)),
        ("certificates", .list(.object([("listener", .string), ("certificate", .string), ("seconds_left", .number)]))),
    ])

    private static let pool = OpenAPISchema.object([
        ("name", .string), ("balance", .string), ("retries", .count), ("panic", .boolean),
        (
            "servers",
            .list(
                .object([
                    ("address", .string), ("weight", .count), ("state", .string),
                    ("since", .nullable(.format("date-time"))), ("reason", .nullable(.string)),
                    ("in_flight", .integer(nil)),
                ]))
        ),
    ])

    private static let audit = OpenAPISchema.object([
        ("kept", .boolean), ("problem", .nullable(.string)),
        (
            "changes",
            .list(
                .object([
                    ("time", .format("date-time")), ("identity", .string), ("client", .string),
                    ("agent", .nullable(.string)), ("action", .string), ("reason", .nullable(.string)),
                    ("generation_before", .count), ("generation_after", .count), ("changes", lines),
                    ("problems", lines),
                ]))
        ),
    ])

    /// As in a pool's list of servers.
    private static let server = OpenAPISchema.either([
        .string,
        .object([
            ("address", .string), ("weight", .optional(.integer(0...1_000_000))),
            ("max_connections", .optional(.integer(1...1_000_000))), ("backup", .optional(.boolean)),
            ("zone", .optional(.string)), ("priority", .optional(.integer(nil))),
            ("labels", .optional(.map(.string))),
        ]),
    ])

    private static let serverChange = OpenAPISchema.either([
        .object([("weight", .integer(0...1_000_000))]),
        .object([("drain", .either([.boolean, .string]))]),
    ])

    private static let history = OpenAPISchema.object([
        ("resolution_seconds", .count), ("start", .integer(nil)), ("series", .map(.list(.nullable(.number)))),
    ])

    private static let question = OpenAPISchema.object([
        ("url", .string), ("method", .optional(.string)), ("headers", .optional(.map(.string))),
        ("client", .optional(.string)), ("listener", .optional(.string)),
    ])

    private static let explanation = OpenAPISchema.object([
        ("generation", .nullable(.count)), ("outcome", .string),
        ("listener", .nullable(.object([("name", .string), ("address", .string), ("why", .string)]))),
        ("route", .nullable(.object([("name", .string), ("matched", lines), ("why", .string)]))),
        ("others", .list(.object([("route", .string), ("matches", .boolean), ("why", .string)]))),
        ("others_left_out", .count),
        ("policies", .list(.object([("name", .string), ("value", .string), ("from", .string)]))),
        ("pool", .nullable(explainedPool)),
    ])

    private static let explainedPool = OpenAPISchema.object([
        ("name", .string), ("balance", .string), ("cost_unit", .nullable(.string)), ("share", .nullable(.number)),
        ("workers", .list(.count)), ("why", .string),
        (
            "candidates",
            .list(
                .object([
                    ("server", .string), ("available", .boolean), ("holds", lines), ("weight", .count),
                    ("in_flight", .count), ("cost", .nullable(.number)), ("chance", .nullable(.number)),
                    ("picked", .boolean), ("picked_by", .list(.count)),
                ]))
        ),
    ])
}
