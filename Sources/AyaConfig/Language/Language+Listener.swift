internal import AyaCore

extension Language {
    package enum Listener {
        static let bind = Key(
            "bind", .text(.bind), required: true,
            "The address. Without a host (`:8080`) it is every address of the machine, IPv6 and IPv4.")
        static let kind = Key(
            "protocol", .word(["http", "tcp", "udp", "admin"]), default: "http",
            "What clients speak; `admin` is HTTP too, and the admin API answers instead of routes.")
        static let pool = Key(
            "pool", .text(.poolName), "The pool that takes every session (tcp, udp). HTTP listeners use routes.")
        static let sni = Key(
            "sni", .named(.host, .text(.poolName)),
            "Pools by the name in the TLS ClientHello, which is passed through unopened (tcp). `pool` takes the rest.")
        static let tls = Key(
            "tls", .anyOf([.section(ListenerTLS.section), .word(["auto", "internal", "off"])]), default: "off",
            """
            TLS towards clients (http, tcp). `auto`: certificates come by ACME; `internal`: from an authority of this \
            machine's own.
            """)
        static let redirect = Key(
            "redirect", .text(.listenerName),
            """
            The listener with TLS that every request is sent on to with status 308, in place of routes (http, without \
            `tls`).
            """)
        static let limits = Key("limits", .section(Limits.section), "Bounds on what a client may send and hold.")
        static let timeouts = Key("timeouts", .section(Timeouts.section), "How long a client may take.")
        static let proxyProtocol = Key(
            "proxy_protocol", .boolean, default: "false",
            "Connections begin with a PROXY protocol header (v1 or v2) that names the real client (http, tcp).")
        static let forwarded = Key(
            "forwarded", .boolean, default: "false",
            "Servers get the standard `Forwarded` header (RFC 7239) beside the `X-Forwarded-*` ones (http).")
        static let trustedProxies = Key(
            "trusted_proxies", .list(of: .text(.cidr)), default: "[]",
            "Peers whose `X-Forwarded-*`, `Forwarded` and PROXY headers are believed (http, tcp).")
        static let criticalityHeader = Key(
            "criticality_header", .text(.headerName),
            """
            A header by which clients in `trusted_proxies` override the criticality of a route: `critical`, `high`, \
            `normal` or `sheddable` (http).
            """)

        package static let section = Section(
            "listener", "An address and protocol that clients connect to.",
            [
                bind, kind, pool, sni, tls, redirect, limits, timeouts, proxyProtocol, forwarded, trustedProxies,
                criticalityHeader,
            ])

        package enum Limits {
            private static let defaults = Blueprint.Listener.Limits()
            /// Request line and header fields together: the data plane reads a head into one buffer.
            static let largestHead = ByteCount.kibibytes(60)
            private static let headSize = ByteCount(64)...largestHead

            static let requestLine = Key(
                "request_line", .size(headSize), default: "\(defaults.requestLine)",
                "Method, target and version together (http).")
            static let headerCount = Key(
                "header_count", .integer(1...10_000), default: "\(defaults.headerCount)",
                "Header fields of a request (http).")
            static let headerBytes = Key(
                "header_bytes", .size(headSize), default: "\(defaults.headerBytes)",
                "All header fields of a request together; with `request_line` at most \(largestHead) (http).")
            static let body = Key(
                "body", .bound(.size(ByteCount(0)...ByteCount(1 << 50))), default: "none",
                "The body of a request (http).")
            static let connections = Key(
                "connections", .integer(1...10_000_000), default: "\(defaults.connections)",
                "Open connections (http, tcp) or flows (udp), over all workers.")
            static let connectionsPerClient = Key(
                "connections_per_client", .bound(.integer(1...10_000_000)), default: "none",
                "Open connections or flows of one client address.")

            package static let section = Section(
                "limits", "Bounds on what a client may send and hold.",
                [requestLine, headerCount, headerBytes, body, connections, connectionsPerClient])
            /// The keys that mean something without HTTP.
            static let anyProtocol = [connections.name, connectionsPerClient.name]
        }

        package enum Timeouts {
            private static let defaults = Blueprint.Listener.Timeouts()

            static let header = Key(
                "header", .duration(timeout), default: DurationText.describe(defaults.header),
                "From the first byte of a request to the end of its head; for the PROXY header and the ClientHello (http, tcp)."
            )
            static let body = Key(
                "body", .duration(timeout), default: DurationText.describe(defaults.body),
                "Between two pieces of a body, in either direction (http).")
            static let idle = Key(
                "idle", .duration(timeout), default: DurationText.describe(defaults.idle),
                "A keep-alive connection, a TCP session or a UDP flow without traffic.")

            package static let section = Section(
                "listener timeouts", "How long a client may take.", [header, body, idle])
            static let anyProtocol = [idle.name]
            static let anyStream = [idle.name, header.name]
        }
    }
}
