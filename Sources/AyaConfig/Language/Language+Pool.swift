internal import AyaCore

extension Language {
    package enum Pool {
        private static let defaults = Blueprint.Pool(name: "", servers: [])

        static let servers = Key(
            "servers", .list(of: .anyOf([.text(.serverAddress), .section(Server.section)])), required: true,
            "The servers, in an order that matters to hashes. A plain text is a server's `address`.")
        static let balance = Key(
            "balance", .word(Blueprint.Balance.allCases.map(\.rawValue)), default: defaults.balance.rawValue,
            "The balancer: how a server is picked.")
        static let timeouts = Key("timeouts", .section(Timeouts.section), "How long a server may take.")
        static let retry = Key("retry", .section(Retry.section), "Trying another server.")
        static let idleConnections = Key(
            "idle_connections", .integer(0...100_000), default: "\(defaults.idleConnections)",
            "Idle connections kept to each server by each worker.")
        static let proxyProtocol = Key(
            "proxy_protocol", .word(["off"] + Blueprint.ProxyProtocolVersion.allCases.map(\.rawValue)), default: "off",
            "Header that tells a server the real client (tcp).")

        package static let section = Section(
            "pool", "A group of interchangeable servers.",
            [servers, balance, timeouts, retry, idleConnections, proxyProtocol])

        package enum Timeouts {
            private static let defaults = Blueprint.Pool.Timeouts()

            static let connect = Key(
                "connect", .duration(timeout), default: DurationText.describe(defaults.connect),
                "To open a connection to a server.")
            static let response = Key(
                "response", .duration(timeout), default: DurationText.describe(defaults.response),
                "From the end of the request to the end of the response head, and between two pieces of its body.")
            static let idle = Key(
                "idle", .duration(timeout), default: DurationText.describe(defaults.idle),
                "How long an unused connection to a server is kept.")

            package static let section = Section(
                "pool timeouts", "How long a server may take.", [connect, response, idle])
        }

        package enum Retry {
            static let attempts = Key(
                "attempts", .integer(1...10), default: "\(Blueprint.Retry().attempts)",
                "Tries in all; 1 turns retries off.")
            package static let section = Section("retry", "Trying another server.", [attempts])
        }
    }

    package enum Server {
        static let address = Key("address", .text(.serverAddress), required: true, "Where the server listens.")
        static let weight = Key(
            "weight", .integer(weights), default: "1", "Its share of the work; 0 takes no new work.")
        static let maxConnections = Key(
            "max_connections", .bound(.integer(1...10_000_000)), default: "none",
            "Open connections to it, over all workers.")
        package static let section = Section(
            "server", "One backend address in a pool.", [address, weight, maxConnections])
    }
}
