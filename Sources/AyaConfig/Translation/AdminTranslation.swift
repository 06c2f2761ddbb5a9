internal import AyaCore

extension Translation {
    mutating func translateAdmin(_ top: SectionReader) {
        typealias Keys = Language.Admin
        guard top.node(Language.Top.admin) != nil else {
            draft.admin = Placed(value: .usual, place: top.place)
            return
        }
        guard !top.isSwitchedOff(Language.Top.admin, by: "off"),
            let map = top.section(Language.Top.admin, Keys.section, title: "'admin'")
        else { return }
        var admin = Blueprint.Admin.usual
        var place = map.place
        if let node = map.node(Keys.bind) {
            guard let bind = map.text(Keys.bind, .bind, EndpointText.bind) else { return }
            (admin.bind, place) = (bind, node.place)
        }
        admin.mode = map.text(Keys.mode, .fileMode, Self.fileMode) ?? admin.mode
        admin.group = map.text(Keys.group, .group, Self.group)
        admin.tokens = adminTokens(map)
        admin.hosts = (map.items(Keys.hosts) ?? []).compactMap { node in
            reader.text(node, TextForm.hostHeader.what)?.lowercased()
        }
        admin.isOpen = map.boolean(Keys.open) ?? false
        for key in [Keys.mode, Keys.group] {
            if case .unix = admin.bind { continue }
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has a meaning for a unix socket only", at: place)
            }
        }
        warn(of: admin, map, at: place)
        draft.admin = Placed(value: admin, place: place)
    }

    private func warn(of admin: Blueprint.Admin, _ map: SectionReader, at place: Place) {
        guard !admin.bind.isPrivate else { return }
        if admin.isOpen {
            problems.warning(
                "the admin API on '\(admin.bind)' is open to the network: anybody may change everything", at: place)
        } else if admin.tokens.isEmpty {
            problems.warning(
                """
                the admin API on '\(admin.bind)' answers other machines with health and metrics only ('tokens', or a \
                listener with 'protocol: admin' and client certificates, let them in)
                """, at: place)
        } else {
            problems.warning(
                "tokens for the admin API on '\(admin.bind)' travel in the clear (a listener with 'protocol: admin' has TLS)",
                at: place)
        }
    }

    private func adminTokens(_ map: SectionReader) -> [Blueprint.Admin.Token] {
        named(map, Language.Admin.tokens, "token").compactMap { entry in
            typealias Keys = Language.Admin.Token
            let title = "admin token '\(entry.key)'"
            guard let map = SectionReader(entry.value, Keys.section, title: title, reader),
                let hash = map.text(Keys.hash, .tokenHash, Self.tokenHash)
            else { return nil }
            let scope = map.word(Keys.scope).flatMap(Blueprint.Admin.Scope.init) ?? .read
            return .init(name: entry.key, hash: hash, scope: scope)
        }.sorted { $0.name < $1.name }
    }

    /// `sha256:` and 64 hexadecimal digits.
    private static func tokenHash(_ text: String) throws(InvalidText) -> String {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst("sha256:".count) : ""
        guard digits.utf8.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.tokenHash.what)")
        }
        return digits.lowercased()
    }

    private static func fileMode(_ text: String) throws(InvalidText) -> Int {
        guard (3...4).contains(text.utf8.count), let mode = Int(text, radix: 8), mode <= 0o777 else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.fileMode.what)")
        }
        return mode
    }

    private static func group(_ text: String) throws(InvalidText) -> String {
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x3a })
        else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.group.what)")
        }
        return text
    }
}

extension Endpoint {
    /// Nobody reaches it from another machine.
    var isPrivate: Bool {
        switch self {
        case .unix: true
        case .name: false
        case .address(let address): address.ip.isLoopback
        }
    }
}
