internal import AyaCore

extension Language {
    package enum Route {
        static let host = Key(
            "host", .text(.host),
            """
            The host, exact or `*.` and a suffix (any depth below it, not the suffix itself). Case and port do not \
            matter. Without it every host matches.
            """)
        static let path = Key(
            "path", .text(.path),
            """
            The path, exact, or with a final `/*`: `/x/*` matches `/x/` and everything below, not `/x`. The query takes \
            no part. Without it every path matches.
            """)
        static let methods = Key(
            "methods", .list(of: .text(.method)), "The methods; without them every method matches.")
        static let headers = Key(
            "headers", .named(.headerName, .text(.headerValue)), "Headers that must have exactly these values.")
        static let cookies = Key(
            "cookies", .named(.cookieName, .text(.cookieValue)), "Cookies that must have exactly these values.")
        static let query = Key(
            "query", .named(.queryName, .text(.queryValue)), "Query parameters that must have exactly these values.")
        static let listeners = Key(
            "listeners", .list(of: .text(.listenerName)), default: "all",
            """
            The listeners whose requests may take the route. Of two routes that match alike, the one that names \
            listeners wins.
            """)
        static let priority = Key(
            "priority", .integer(-1_000_000...1_000_000), default: "0",
            "Higher wins before specificity is looked at.")
        static let timeout = Key(
            "timeout", .bound(.duration(Language.timeout)), default: "none", "Bound on the whole exchange.")
        static let pool = Key(
            "pool", .anyOf([.text(.poolName), .named(.poolName, .integer(weights))]),
            "Action: forward to this pool, or split over several by weight: `{ web: 95, canary: 5 }`.")
        static let redirect = Key(
            "redirect", .anyOf([.section(Redirect.section), .text(.location)]),
            "Action: answer with another location. A plain text is its `to`.")
        static let respond = Key(
            "respond", .anyOf([.section(Respond.section), .integer(Respond.statuses)]),
            "Action: answer at once. A plain number is its `status`.")

        static let slo = Key(
            "slo", .part(.section(Objective.section)), default: "off",
            "What the route promises, such as `{ availability: 99.9%, latency: 250ms at 99% }`.")
        static let criticality = Key(
            "criticality", .word(Blueprint.Criticality.allCases.map(\.rawValue)),
            default: Blueprint.Criticality.normal.rawValue,
            "Who is turned away when there is too much work: `sheddable` first, `critical` last.")
        static let mirror = Key(
            "mirror", .part(.text(.poolName), .section(Mirror.section)), default: "off",
            "A second pool that gets copies of requests. A plain text is its `pool`.")
        static let faults = Key(
            "faults", .part(.section(Faults.section)), default: "off",
            "Trouble made on purpose, to see how clients take it.")
        static let grpcWeb = Key(
            "grpc_web", .anyOf([.boolean, .section(GRPCWeb.section)]), default: "false",
            "Calls of gRPC-Web, as browsers make them, become calls of gRPC.")
        static let subset = Key(
            "subset", .named(.label, .text(.label)), "Only servers with these `labels` take the route's work.")

        static let actions = [pool, redirect, respond]

        package static let section = Section(
            "route", "A match on a request and what happens to it: exactly one of `pool`, `redirect`, `respond`.",
            [
                host, path, methods, headers, cookies, query, listeners, priority, timeout, criticality, mirror, faults,
                grpcWeb, subset, slo, pool, redirect, respond,
            ],
            exactlyOneOf: actions)
    }

    package enum Redirect {
        static let to = Key(
            "to", .text(.location), required: true,
            """
            The new location. `{scheme}`, `{host}`, `{path}` and `{query}` (with its question mark) stand for those of \
            the request.
            """)
        static let status = Key(
            "status", .number([301, 302, 303, 307, 308]), default: "308", "The status of the answer.")
        package static let section = Section("redirect", "An answer with another location.", [to, status])
    }

    package enum Respond {
        static let statuses = 200...599
        static let largestHead = ByteCount.kibibytes(32)
        static let status = Key("status", .integer(statuses), required: true, "The status of the answer.")
        static let headers = Key(
            "headers", .named(.headerName, .text(.headerValue)), "Header fields of the answer.")
        static let body = Key("body", .text(.body), default: "\"\"", "The content of the answer.")
        package static let section = Section("respond", "A fixed answer.", [status, headers, body])
    }
}
