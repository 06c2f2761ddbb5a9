internal import AyaCore

extension Language {
    package enum Tracing {
        private static let defaults = Blueprint.Tracing()

        static let otlp = Key(
            "otlp", .section(OTLP.section),
            "Where spans go. Without it requests only carry their place in a trace on to servers.")
        static let sample = Key(
            "sample", .share(0...1), default: ShareText.describe(defaults.sample),
            """
            The share of traces that is recorded, by their ids. Failures, second tries and slow exchanges are recorded \
            in any case. Trusted proxies decide for the traces that they begin.
            """)
        static let slow = Key(
            "slow", .bound(.duration(Language.timeout)), default: "none",
            "Exchanges that take as long are recorded in any case.")
        static let formats = Key(
            "formats", .list(of: .word(Blueprint.Tracing.Format.allCases.map(\.rawValue))), default: "[w3c]",
            "How requests say where in a trace they are: W3C Trace Context, B3 in one field, B3 in several.")
        static let service = Key(
            "service", .text(.label), default: defaults.service, "What this Aya is called in traces.")
        package static let section = Section(
            "tracing", "How exchanges take part in traces.", [otlp, sample, slow, formats, service])
    }

    package enum OTLP {
        static let endpoint = Key(
            "endpoint", .text(.httpURL), required: true,
            "A collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`.")
        package static let section = Section(
            "OTLP", "A collector of OpenTelemetry.",
            [endpoint, Collector.user, Collector.password, Collector.token, Collector.verify])
    }
}
