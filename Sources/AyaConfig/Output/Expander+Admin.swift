internal import AyaCore

extension YAMLWriter {
    mutating func write(_ admin: Blueprint.Admin) {
        typealias Keys = Language.Admin
        text(Keys.bind, "\(admin.bind)")
        if case .unix = admin.bind {
            let digits = String(admin.mode, radix: 8)
            text(Keys.mode, String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
            if let group = admin.group { text(Keys.group, group) }
        }
        if !admin.tokens.isEmpty {
            map(Keys.tokens) { writer in
                for token in admin.tokens {
                    writer.map(token.name) { writer in
                        writer.text(Keys.Token.hash, "sha256:\(token.hash)")
                        writer.word(Keys.Token.scope, token.scope.rawValue)
                    }
                }
            }
        }
        if admin.hosts.isEmpty {
            word(Keys.hosts, "[]")
        } else {
            map(Keys.hosts) { writer in for host in admin.hosts { writer.item(host) } }
        }
        word(Keys.open, admin.isOpen ? "true" : "false")
    }
}
