internal import AyaTelemetry

extension AdminEndpoint {
    package static let all: [AdminEndpoint] = [
        .get("/healthz", "Whether it lives: every worker takes its turns", .text, problems: [503]),
        .get("/readyz", "Whether it wants new work", .text, problems: [503]),
        .get("/metrics", "Metrics in Prometheus' text format", .text),
        .get("/v1/status", "What is configured, its state and its counters", .json(.named("Status"))),
        .get("/v1/openapi.json", "This document", .json(.object([]))),
        .get("/v1/config", "The configuration that runs, with every default and without secrets", .configuration),
        .get(
            "/v1/diff", "How two configurations differ",
            query: [
                .init(name: "from", schema: .version, summary: "running, file or a generation's number"),
                .init(name: "to", schema: .version, summary: "running, file or a generation's number"),
            ], .json(.named("Difference")), problems: [400, 404, 409, 422]),
        .get("/v1/generations", "The last configurations", .json(.named("Generations"))),
        .get("/v1/generations/{generation}", "One of them", .configuration, problems: [404]),
        .change("POST", "/v1/generations/{generation}/rollback", "Go back to that one"),
        .change("POST", "/v1/rollback", "Go back by one"),
        .change("POST", "/v1/reload", "Read the configuration again"),
        .change("POST", "/v1/upgrade", "Have another process take over", .admin),
        .change("DELETE", "/v1/changes", "Take back every change that the API made"),
        .change("POST", "/v1/pools/{pool}/servers", "Add a server", body: .named("Server")),
        .change(
            "PATCH", "/v1/pools/{pool}/servers/{server}", "Set the weight of a server, or drain it",
            body: .named("ServerChange")),
        .change("DELETE", "/v1/pools/{pool}/servers/{server}", "Take a server out of its pool"),
        .change("PATCH", "/v1/routes/{route}", "Switch a route on or off", body: .named("RouteChange")),
        .get(
            "/v1/events", "What happens, as it happens",
            query: [.init(name: "recent", schema: .count, summary: "So many of before come first")], .events),
        .get("/v1/tap", "Exchanges, sessions and flows as they end", query: tapQuery, .events, problems: [400, 503]),
        .ask(
            "/v1/explain", "What would become of a request, and why", body: .named("Question"),
            .json(.named("Explanation"))),
        .get("/v1/log", "The level of the log", .json(.named("LogLevel"))),
        .change("PATCH", "/v1/log", "Set the level of the log", body: .named("LogLevelChange")),
        .get(
            "/v1/history", "What was: values of series", query: historyQuery, .json(.named("History")),
            problems: [400, 404]),
        .forget(
            "/v1/history", "Forget what is kept",
            query: [
                .init(name: "of", schema: .string, summary: "Of what, such as pools/web; several with commas"),
                .init(name: "all", schema: .boolean, summary: "Everything"),
            ]),
        .get(
            "/v1/history/series", "The names of series", .json(.object([("series", .list(.string))])), problems: [404]),
        .get(
            "/v1/live", "Each second what is",
            query: [.init(name: "series", schema: .string, summary: "Names, or beginnings with * behind")], .events,
            problems: [404]),
        .get("/v1/brain", "What the brain has learned, and what it may do", .json(.object([])), problems: [404]),
        .forget("/v1/brain", "Forget what the brain has learned, advised and noticed", query: []),
        .get(
            "/v1/brain/export", "Everything that the brain has learned, advised and noticed", .json(.object([])),
            problems: [404]),
        .get("/v1/brain/advice", "What it advises, and what came of it", .json(.object([])), problems: [404]),
        .get("/v1/brain/incidents", "Alarms that belong together", .json(.object([])), problems: [404]),
        .get(
            "/v1/brain/forecast", "What is to come of a series",
            query: [
                .init(name: "series", schema: .string, summary: "Its name"),
                .init(name: "horizon", schema: .integer(1...100_000), summary: "Steps ahead"),
            ], .json(.object([])), problems: [400, 404]),
        .get("/v1/alerts", "What is wrong, by the rules of the configuration", .json(.named("Alerts"))),
        .tell(
            "/v1/alerts/silences", "Be quiet about some for a time", body: .named("Silence"), .json(.named("Alerts"))),
        .get("/v1/audit", "The last thousand changes that were asked for", .json(.named("Audit"))),
    ]

    private static let historyQuery: [Parameter] = [
        .init(name: "series", schema: .string, summary: "Names, with commas between them"),
        .init(name: "resolution", schema: .words(["1s", "1m", "1h"]), summary: "How far apart values are"),
        .init(name: "from", schema: .integer(nil), summary: "Seconds since 1970; below 0, before now"),
        .init(name: "to", schema: .integer(nil), summary: "The same"),
    ]

    private static let tapQuery: [Parameter] = TapWish.keys.map { key in
        switch key {
        case "rate": .init(name: key, schema: .integer(1...TapWish.largestRate), summary: "At most so many a second")
        case "limit": .init(name: key, schema: .integer(1...1_000_000_000), summary: "End behind so many")
        case "sample": .init(name: key, schema: .string, summary: "Only this share, such as 0.1 or 10%")
        case "slower_than": .init(name: key, schema: .string, summary: "Only what took longer, such as 250ms")
        default: .init(name: key, schema: .string, summary: "Only what has this \(key)", isRepeated: true)
        }
    }
}
