package import AyaCore

extension Blueprint {
    /// How operators reach this Aya.
    package struct Admin: Hashable, Sendable {
        package var bind: Endpoint
        /// The permissions of a unix socket's file.
        package var mode = 0o660
        /// The group of a unix socket's file; nil: that of the process.
        package var group: String?
        /// What whoever comes over the network, or to an address where others could come, has to show.
        package var tokens: [Token] = []
        /// Names by which it may be reached besides addresses, in lower case.
        package var hosts: [String] = []
        /// Whoever reaches it may do everything, from the network too.
        package var isOpen = false

        package init(bind: Endpoint) { self.bind = bind }

        /// Where it listens when a configuration says nothing, and where commands look for it. The directory need not
        /// exist; then nothing listens.
        package static let usual = Admin(bind: .unix(path: "/run/aya/admin.sock"))

        /// One open socket serves both.
        package func isAtTheDoor(of other: Admin) -> Bool {
            bind == other.bind && mode == other.mode && group == other.group
        }

        package struct Token: Hashable, Sendable {
            package var name: String
            /// SHA-256 of the token, in lower-case hexadecimal.
            package var hash: String
            package var scope: Scope
        }

        /// What a token permits; each includes those before it.
        package enum Scope: String, Hashable, Sendable, CaseIterable {
            case read, operate, admin
        }
    }
}
