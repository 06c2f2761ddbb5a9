internal import AyaCore

extension Language {
    package enum Metrics {
        static let otlp = Key("otlp", .section(OTLP.section), required: true, "Where they go.")
        static let interval = Key(
            "interval", .duration(.seconds(1)...(.seconds(3600))), default: "15s", "How often.")
        static let service = Key("service", .text(.label), default: "aya", "What this Aya is called.")
        package static let section = Section(
            "metrics", "Metrics that are sent, for those who do not fetch `/metrics`.", [otlp, interval, service])
    }
}
