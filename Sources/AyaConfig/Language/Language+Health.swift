internal import AyaCore

extension Language {
    package enum Health {
        private static let defaults = Blueprint.Health(check: .icmp)
        private static let counts = 1...1000

        static let http = Key(
            "http", .anyOf([.text(.probePath), .section(HTTPCheck.section)]),
            "Check: a request. A plain text is its `path`.")
        static let grpc = Key(
            "grpc", .section(GRPCCheck.section), "Check: a call of gRPC's own health service (`grpc.health.v1`): `{}`.")
        static let tcp = Key("tcp", .section(TCPCheck.section), "Check: a connection, `{}`, or a word and its answer.")
        static let icmp = Key("icmp", .section(icmpSection), "Check: an echo (ping): `{}`.")
        static let udp = Key("udp", .section(UDPCheck.section), "Check: a datagram and its answer.")
        static let command = Key(
            "command", .list(of: .text(.argument)),
            """
            Check: a program (absolute path) and its arguments; exit status 0 is good. It finds the server in \
            `AYA_SERVER_ADDRESS` and `AYA_SERVER_PORT`.
            """)
        static let interval = Key(
            "interval", .duration(Language.timeout), default: DurationText.describe(defaults.interval),
            "Between two probes.")
        static let fastInterval = Key(
            "fast_interval", .duration(Language.timeout),
            "Between probes of a server that is down; without it `interval`.")
        static let jitter = Key(
            "jitter", .share(0...1), default: ShareText.describe(defaults.jitter),
            "Share of the interval by which probes vary.")
        static let timeout = Key(
            "timeout", .duration(Language.timeout), default: DurationText.describe(defaults.timeout),
            "For the whole probe; at most the interval.")
        static let rise = Key(
            "rise", .integer(counts), default: "\(defaults.rise)", "Good probes in a row that bring a server up.")
        static let fall = Key(
            "fall", .integer(counts), default: "\(defaults.fall)", "Bad probes in a row that take a server down.")
        static let panic = Key(
            "panic", .share(0...1), default: ShareText.describe(defaults.panic),
            "When this share of the servers is down, all are asked again: the probe is more likely wrong; `0%`: never.")
        static let port = Key("port", .integer(1...65535), "Another port to probe; without it the server's own.")

        static let checks = [http, grpc, tcp, icmp, udp, command]
        static let icmpSection = Section("icmp check", "An ICMP echo.", [])

        package static let section = Section(
            "health", "Active probes: exactly one of `http`, `grpc`, `tcp`, `icmp`, `udp`, `command`.",
            checks + [interval, fastInterval, jitter, timeout, rise, fall, panic, port], exactlyOneOf: checks)
    }

    package enum HTTPCheck {
        static let statuses = 100...599
        private static let defaults = Blueprint.Health.HTTPCheck(path: "/")

        static let path = Key("path", .text(.probePath), required: true, "The path, with a query if there is one.")
        static let method = Key("method", .text(.method), default: defaults.method, "The method.")
        static let host = Key("host", .text(.hostHeader), "The Host header; without it the server's address.")
        static let headers = Key(
            "headers", .named(.headerName, .text(.headerValue)), "Further header fields.")
        static let status = Key(
            "status", .list(of: .anyOf([.integer(statuses), .text(.statusRange)])), default: "200-399",
            "The good statuses: numbers and ranges.")
        static let body = Key("body", .text(.probeText), "A text that the first 64KiB of the body must have in them.")
        package static let section = Section(
            "http check", "A request and what its answer must be.", [path, method, host, headers, status, body])
    }

    package enum GRPCCheck {
        static let service = Key(
            "service", .text(.probeText), "Whose health is asked for; without it the server's as a whole.")
        package static let section = Section("grpc check", "A call of gRPC's health service.", [service])
    }

    package enum TCPCheck {
        static let send = Key("send", .text(.probeText), "Sent when the connection is open.")
        static let expect = Key("expect", .text(.probeText), "A text that the answer must have in it.")
        package static let section = Section(
            "tcp check", "A connection; with `expect`, also an answer.", [send, expect])
    }

    package enum UDPCheck {
        static let send = Key("send", .text(.probeText), required: true, "The datagram.")
        static let expect = Key(
            "expect", .text(.probeText),
            "A text that the answer must have in it; without it anything but a refusal is good.")
        package static let section = Section("udp check", "A datagram and its answer.", [send, expect])
    }

    package enum LoadReports {
        private static let defaults = Blueprint.LoadReports(path: "/")

        static let http = Key("http", .text(.probePath), required: true, "The path that is polled.")
        static let interval = Key(
            "interval", .duration(.milliseconds(50)...longTime), default: DurationText.describe(defaults.interval),
            "Between two polls; with `prequal` the longest pause, as busy pools are polled more often.")
        static let port = Key("port", .integer(1...65535), "Another port to poll; without it the server's own.")
        package static let section = Section(
            "load reports", "Where servers report their load.", [http, interval, port])
    }

    package enum Outliers {
        private static let defaults = Blueprint.Outliers()

        static let consecutiveFailures = Key(
            "consecutive_failures", .integer(1...1_000_000), default: "\(defaults.consecutiveFailures)",
            "Failures in a row that eject a server.")
        static let errorRate = Key(
            "error_rate", .bound(.share(0.001...1)), default: defaults.errorRate.map(ShareText.describe) ?? "none",
            "By how much a server's share of failures in an interval exceeds the median of the others.")
        static let latency = Key(
            "latency", .bound(.decimal(1.1...1000)), default: "none",
            "Times the median response time of the others that ejects a server.")
        static let minRequests = Key(
            "min_requests", .integer(1...1_000_000), default: "\(defaults.minRequests)",
            "In an interval, before `error_rate` and `latency` are looked at.")
        static let interval = Key(
            "interval", .duration(.milliseconds(100)...longTime), default: DurationText.describe(defaults.interval),
            "What `error_rate` and `latency` look at.")
        static let ejectFor = Key(
            "eject_for", .duration(timeout), default: DurationText.describe(defaults.ejectFor),
            "The first ejection; each one that follows on its heels is longer by as much.")
        static let maxEjectFor = Key(
            "max_eject_for", .duration(timeout), default: DurationText.describe(defaults.maxEjectFor),
            "The longest ejection.")
        static let maxEjected = Key(
            "max_ejected", .share(0...1), default: ShareText.describe(defaults.maxEjected),
            "Largest share of the servers that is ejected at once.")

        package static let section = Section(
            "outliers", "Ejection of servers whose traffic fails or is far slower than the pool's.",
            [
                consecutiveFailures, errorRate, latency, minRequests, interval, ejectFor, maxEjectFor, maxEjected,
            ])
    }
}
