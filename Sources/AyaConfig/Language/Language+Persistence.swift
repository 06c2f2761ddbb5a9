internal import AyaCore

extension Language {
    package enum Persistence {
        static let cookie = Key(
            "cookie", .anyOf([.text(.cookieName), .section(Cookie.section)]),
            "By a cookie (http). A plain text is its `name`.")
        static let sourceIP = Key(
            "source_ip", .section(Table.section), "By the client's address: `{}`, or with bounds.")
        static let header = Key(
            "header", .anyOf([.text(.headerName), .section(HeaderKey.section)]),
            "By the value of a header (http). A plain text is its `name`.")
        static let query = Key(
            "query", .anyOf([.text(.queryName), .section(QueryKey.section)]),
            "By a value in the query (http). A plain text is its `name`.")
        static let drainDeadline = Key(
            "drain_deadline", .bound(.duration(.zero...longTime)), default: "5m",
            "How long a draining server is still given its own clients.")

        static let tlsSession = Key(
            "tls_session", .section(Table.section),
            """
            By the client's TLS session, from one resumption to the next (http and tcp, listeners with TLS): `{}`, or \
            with bounds.
            """)

        static let keys = [cookie, sourceIP, tlsSession, header, query]
        package static let section = Section(
            "persistence", "How clients stay with a server: exactly one of its keys but `drain_deadline`.",
            keys + [drainDeadline], exactlyOneOf: keys)
    }

    package enum Cookie {
        private static let defaults = Blueprint.Persistence.Cookie()

        static let name = Key("name", .text(.cookieName), default: defaults.name, "The cookie's name.")
        static let mode = Key(
            "mode", .word(Blueprint.Persistence.Cookie.Mode.allCases.map(\.rawValue)), default: defaults.mode.rawValue,
            """
            `insert`: Aya sets the cookie, which names the server, signed. `follow`: the application sets it, and Aya \
            remembers which server did.
            """)
        static let maxAge = Key(
            "max_age", .bound(.duration(.seconds(1)...Cookie.longest)), default: "none",
            "How long browsers keep the cookie; `none`: until they end (insert).")
        static let secret = Key(
            "secret", .text(.secret),
            """
            Signs the cookie, at least 16 bytes; the same on every Aya that serves the pool. `file:` and a path reads \
            it from a file. Without it Aya keeps a key of its own (insert).
            """)

        /// Browsers keep no cookie for longer than about 400 days.
        static let longest = Duration.seconds(400 * 86_400)
        package static let section = Section(
            "cookie", "The cookie that names a client's server.",
            [name, mode, maxAge, secret, Table.ttl, Table.entries])
        /// The keys of one mode only.
        static let ofInsert = [maxAge, secret]
        static let ofFollow = [Table.ttl, Table.entries]
    }

    package enum Table {
        private static let defaults = Blueprint.Persistence.Table()

        static let ttl = Key(
            "ttl", .duration(.seconds(1)...Cookie.longest), default: DurationText.describe(defaults.ttl),
            "How long a client is remembered after it was last seen.")
        static let entries = Key(
            "entries", .integer(1...100_000_000), default: "\(defaults.entries)",
            "About how many clients are remembered; beyond them those seen longest ago go. One takes 20 bytes.")
        package static let section = Section(
            "persistence table", "Bounds of what is remembered.", [ttl, entries])
    }

    package enum HeaderKey {
        static let name = Key("name", .text(.headerName), required: true, "The header.")
        package static let section = Section(
            "persistence header", "A header whose value names a client.", [name, Table.ttl, Table.entries])
    }

    package enum QueryKey {
        static let name = Key("name", .text(.queryName), required: true, "The name in the query.")
        package static let section = Section(
            "persistence query", "A value in the query that names a client.", [name, Table.ttl, Table.entries])
    }
}
