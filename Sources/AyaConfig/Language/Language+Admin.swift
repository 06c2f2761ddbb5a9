extension Language {
    package enum Admin {
        static let bind = Key(
            "bind", .text(.bind), default: "unix:/run/aya/admin.sock",
            """
            Where the admin API listens: a unix socket, or a loopback address. Over the network, better listeners with \
            `protocol: admin` and TLS.
            """)
        static let mode = Key(
            "mode", .text(.fileMode), default: "0660",
            "The permissions of the unix socket: who may write to it may use it.")
        static let group = Key("group", .text(.group), "The group of the unix socket.")
        static let tokens = Key(
            "tokens", .named(.name, .section(Token.section)),
            "What clients show that come by TCP, by name: `aya token create` makes one.")
        static let hosts = Key(
            "hosts", .list(of: .text(.hostHeader)), default: "[]",
            "Names by which it may be reached, besides addresses and `localhost`.")
        static let open = Key(
            "open", .boolean, default: "false",
            "Whoever reaches the API, from other machines too, may do everything without a token or a certificate.")
        package static let section = Section(
            "admin", "The admin API, and who may use it.", [bind, mode, group, tokens, hosts, open])

        package enum Token {
            static let hash = Key(
                "hash", .text(.tokenHash), required: true, "SHA-256 of the token: who reads it can not use it.")
            static let scope = Key(
                "scope", .word(Blueprint.Admin.Scope.allCases.map(\.rawValue)), default: "read",
                "`read`: look; `operate`: change what runs, too; `admin`: everything.")
            package static let section = Section("admin token", "A token, and what it is good for.", [hash, scope])
        }
    }
}
