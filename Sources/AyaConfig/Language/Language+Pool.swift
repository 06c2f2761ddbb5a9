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
        static let hash = Key(
            "hash", .anyOf([.word(["source_ip", "path"]), .section(Hash.section)]), default: "source_ip",
            "What `consistent_hash` and `maglev` hash, and `auto` where placing by key proves better.")
        static let zones = Key("zones", .section(Zones.section), "How servers of the own `zone` are preferred.")
        static let health = Key(
            "health", .part(.section(Health.section), .word(["tcp", "icmp"])), default: "off",
            "Active probes. A plain `tcp` or `icmp` is that check with its defaults.")
        static let outliers = Key(
            "outliers", .part(.section(Outliers.section)),
            "Passive health: servers whose traffic fails are ejected for a while. On by default.")
        static let persistence = Key(
            "persistence", .part(.section(Persistence.section)), default: "off",
            "How clients stay with the server they were given first.")
        static let slowStart = Key(
            "slow_start", .part(.duration(timeout)), default: "off",
            "How long a server that (re)joins takes to reach its full share; 10s where the brain asks for servers.")
        static let timeouts = Key("timeouts", .section(Timeouts.section), "How long a server may take.")
        static let retry = Key(
            "retry", .part(.section(Retry.section)), "Trying another server. `off` is one try.")
        static let hedge = Key(
            "hedge", .anyOf([.section(Hedge.section), .word(["auto", "off"])]), default: "auto",
            "A second try that races a slow first one (http). `auto` is on with `balance: auto`, for safe methods; asked for, idempotent ones too."
        )
        static let breaker = Key(
            "breaker", .part(.section(Breaker.section)), default: "off",
            "Stops asking a server that fails, and asks again with single requests.")
        static let queue = Key(
            "queue", .part(.section(Queue.section)), default: "off", "Requests that wait while every server is full.")
        static let concurrency = Key(
            "concurrency", .part(.section(Concurrency.section), .word(["adaptive"])), default: "off",
            "How many exchanges or sessions the pool is given at once, over all workers.")
        static let fallback = Key(
            "fallback", .part(.text(.poolName), .section(Fallback.section)), default: "off",
            "What clients get when the pool can't answer. A plain text is a pool.")
        static let loadReports = Key(
            "load_reports", .part(.text(.probePath), .section(LoadReports.section)), default: "off",
            """
            Where servers report their load, for `resource` and `prequal`; what they say in the headers of their \
            answers is used in any case. A plain text is its `http`.
            """)
        static let idleConnections = Key(
            "idle_connections", .integer(0...100_000), default: "\(defaults.idleConnections)",
            "Idle connections kept to each server by each worker.")
        static let serverProtocol = Key(
            "protocol", .word(Blueprint.ServerProtocol.allCases.map(\.rawValue) + ["grpc"]),
            default: defaults.serverProtocol.rawValue,
            """
            What servers speak (http): `http` is HTTP/1.1, `h2` is HTTP/2, and `auto` what is agreed on with TLS. \
            `grpc` is another word for `h2`.
            """)
        static let streamsPerConnection = Key(
            "streams_per_connection", .integer(1...1000), default: "\(defaults.streamsPerConnection)",
            "Exchanges at once on one connection of HTTP/2; more make another connection.")
        static let proxyProtocol = Key(
            "proxy_protocol", .word(["off"] + Blueprint.ProxyProtocolVersion.allCases.map(\.rawValue)), default: "off",
            "Header that tells a server the real client (tcp).")
        static let brain = Key(
            "brain", .part(.section(Brain.section)),
            "What is learned about it, and done of one's own accord. On by default, where it only tells.")
        static let tls = Key(
            "tls", .part(.section(PoolTLS.section)), default: "off",
            "TLS towards servers (http, tcp). `{}` verifies them as a browser would.")

        package static let section = Section(
            "pool", "A group of interchangeable servers.",
            [
                servers, balance, hash, zones, health, outliers, persistence, slowStart, timeouts, retry, hedge,
                breaker, queue, concurrency, fallback, loadReports, serverProtocol, streamsPerConnection,
                idleConnections,
                proxyProtocol, tls, brain,
            ])

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
    }

    package enum Server {
        static let address = Key("address", .text(.serverAddress), required: true, "Where the server listens.")
        static let weight = Key(
            "weight", .integer(weights), default: "1", "Its share of the work; 0 takes no new work.")
        static let maxConnections = Key(
            "max_connections", .bound(.integer(1...10_000_000)), default: "none",
            "Open connections to it, over all workers.")
        static let zone = Key("zone", .text(.zone), "Where it stands.")
        static let backup = Key(
            "backup", .boolean, default: "false", "Takes work only while no other server of the pool can.")
        static let priority = Key(
            "priority", .integer(0...100), default: "0",
            "Servers of the lowest number take all work; the next number joins when none of them is available.")
        static let labels = Key(
            "labels", .named(.label, .text(.label)), "What routes select a `subset` by.")
        package static let section = Section(
            "server", "One backend address in a pool.",
            [address, weight, maxConnections, zone, backup, priority, labels])
    }

    package enum Hash {
        static let header = Key("header", .text(.headerName), "The value of this header (http).")
        static let cookie = Key("cookie", .text(.cookieName), "The value of this cookie (http).")
        static let query = Key("query", .text(.queryName), "The value of this name in the query (http).")
        package static let section = Section(
            "hash", "What hash balancers hash: one of these. What lacks it is hashed by the client's address.",
            [header, cookie, query], exactlyOneOf: [header, cookie, query])
    }

    package enum Zones {
        static let spillBelow = Key(
            "spill_below", .share(0...1), default: ShareText.describe(Blueprint.Zones().spillBelow),
            """
            Servers of other zones join in when less than this share of the own zone's is available. Servers without \
            a zone count as the own zone's.
            """)
        package static let section = Section("zones", "How servers of the own zone are preferred.", [spillBelow])
    }
}
