extension Blueprint {
    /// How clients stay with the server they were given first.
    package struct Persistence: Hashable, Sendable {
        package var key: Key
        /// How long a draining server is still given its own clients; nil: until it is gone.
        package var drainDeadline: Duration?

        package init(key: Key, drainDeadline: Duration? = .seconds(300)) {
            self.key = key
            self.drainDeadline = drainDeadline
        }

        package enum Key: Hashable, Sendable {
            case cookie(Cookie)
            case sourceIP(Table)
            /// By the TLS session, from one resumption to the next.
            case tlsSession(Table)
            /// By the value of this header, in lower case.
            case header(String, Table)
            /// By the value of this name in the query.
            case query(String, Table)
        }

        package struct Cookie: Hashable, Sendable {
            package var name: String
            package var mode = Mode.insert
            /// Nil: until the browser ends.
            package var maxAge: Duration?
            /// Signs inserted cookies; nil: Aya keeps a key of its own.
            package var secret: String?
            /// For cookies that are followed: their values are remembered here.
            package var table = Table()
            package init(name: String = "aya_session") { self.name = name }

            package enum Mode: String, Hashable, Sendable, CaseIterable {
                /// Aya sets a cookie of its own that names the server, signed.
                case insert
                /// Aya remembers which server set the application's cookie to which value.
                case follow
            }
        }

        /// Bounds of what is remembered.
        package struct Table: Hashable, Sendable {
            /// Since the client was last seen.
            package var ttl = Duration.seconds(30 * 60)
            package var entries = 1_000_000
            package init() {}
        }
    }
}
