internal import AyaCore

extension Translation {
    /// Of a listener's TLS; nil when it has certificates of files alone.
    func issuer(_ map: SectionReader, _ title: String) -> Blueprint.CertificateIssuer? {
        typealias Keys = Language.ListenerTLS
        var issuer: Blueprint.CertificateIssuer?
        if map.boolean(Keys.isInternal) == true { issuer = .local(hosts: []) }
        if let section = map.section(Keys.automatic, Language.Automatic.section, title: "the ACME of \(title)") {
            if issuer != nil {
                problems.error("\(title) has both 'auto' and 'internal'", at: map.keyPlace(Keys.isInternal))
            }
            issuer = .automatic(automatic(section, title))
        }
        if let nodes = map.items(Keys.hosts) {
            if issuer == nil {
                problems.error("'hosts' belongs to 'auto' or 'internal'", at: map.keyPlace(Keys.hosts))
            }
            issuer?.hosts = nodes.compactMap { reader.text($0, .host, HostPatternText.parse) }
        }
        return issuer
    }

    private func automatic(_ map: SectionReader, _ title: String) -> Blueprint.Automatic {
        typealias Keys = Language.Automatic
        var automatic = Blueprint.Automatic()
        automatic.email = map.text(Keys.email, .email, Self.email)
        if let directory = map.text(Keys.directory, .directoryURL, Self.directoryURL) {
            automatic.directory = directory
        }
        if map.boolean(Keys.staging) == true {
            if let place = map.keyPlace(Keys.directory) {
                problems.error("'staging' and 'directory' exclude each other", at: place)
            }
            automatic.directory = Blueprint.Automatic.staging
        }
        let file = map.text(Keys.verify, .filePath, Self.filePath)
        automatic.authorities = file == "system" ? nil : file
        if let challenge = map.word(Keys.challenge).flatMap(Blueprint.Automatic.Challenge.init) {
            automatic.challenge = challenge
        }
        automatic.hook = hook(map, automatic.challenge, title)
        if let account = map.section(
            Keys.externalAccount, Language.ExternalAccount.section, title: "the external account of \(title)"),
            let keyID = account.text(Language.ExternalAccount.keyID, .argument, ProbeText.argument),
            let secret = account.text(Language.ExternalAccount.secret, .macKey, Self.macKey)
        {
            automatic.externalAccount = .init(keyID: keyID, secret: secret)
        }
        automatic.onDemand = onDemand(map, title)
        return automatic
    }

    private func onDemand(_ map: SectionReader, _ title: String) -> Blueprint.OnDemand? {
        typealias Keys = Language.OnDemand
        let title = "'on_demand' of \(title)"
        guard let map = map.part(Language.Automatic.onDemand, Keys.section, title: title),
            let ask = map.text(Keys.ask, .askURL, Self.askURL)
        else { return nil }
        var onDemand = Blueprint.OnDemand(ask: ask)
        if let hourly = map.integer(Keys.hourly) { onDemand.hourly = hourly }
        if let most = map.integer(Keys.most) { onDemand.most = most }
        return onDemand
    }

    private func hook(
        _ map: SectionReader, _ challenge: Blueprint.Automatic.Challenge, _ title: String
    ) -> [String] {
        let key = Language.Automatic.hook
        guard let items = map.items(key) else {
            if challenge == .dns { problems.error("'dns-01' in \(title) needs a 'hook'", at: map.place) }
            return []
        }
        if challenge != .dns {
            problems.error("'hook' belongs to 'challenge: dns-01'", at: map.keyPlace(key))
        }
        let words = items.compactMap { reader.text($0, .argument, ProbeText.argument) }
        if words.count == items.count, words.first?.utf8.first != UInt8(ascii: "/") {
            problems.error(
                "a hook begins with the absolute path of a program, such as '/usr/local/bin/dns-record'",
                at: map.node(key)?.place)
        }
        return words
    }

    static func email(_ text: String) throws(InvalidText) -> String {
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != 92 }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard isPlain, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254 else {
            throw InvalidText("'\(shortened(text))' is not an address of mail")
        }
        return text
    }

    private static func directoryURL(_ text: String) throws(InvalidText) -> String {
        guard isURL(text, of: "https://") else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.directoryURL.what)")
        }
        return text
    }

    private static func askURL(_ text: String) throws(InvalidText) -> String {
        guard isURL(text, of: "https://") || isURL(text, of: "http://"), !text.utf8.contains(UInt8(ascii: "#")) else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.askURL.what)")
        }
        return text
    }

    private static func isURL(_ text: String, of scheme: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != 92 }
        guard text.hasPrefix(scheme), let first = text.dropFirst(scheme.count).utf8.first else { return false }
        return first != UInt8(ascii: "/") && isPlain && text.utf8.count < 1024
    }

    private static func macKey(_ text: String) throws(InvalidText) -> String {
        if text.hasPrefix("file:"), text.utf8.count > 5 { return text }
        let isEncoded = text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isEncoded, text.utf8.count >= 16 else { throw InvalidText("expected \(TextForm.macKey.what)") }
        return text
    }
}
