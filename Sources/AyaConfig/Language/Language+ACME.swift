internal import AyaCore

extension Language {
    /// Certificates by ACME.
    package enum Automatic {
        private static let defaults = Blueprint.Automatic()

        static let email = Key("email", .text(.email), "Whom the authority writes to about its certificates.")
        static let directory = Key(
            "directory", .text(.directoryURL), default: defaults.directory,
            "The authority: the URL of its directory (RFC 8555).")
        static let staging = Key(
            "staging", .boolean, default: "false",
            "Ask Let's Encrypt's staging environment, whose certificates nobody trusts, in place of `directory`.")
        static let verify = Key(
            "verify", .text(.filePath), default: "system",
            "`system`, or a file of certificates in PEM that the authority's own must lead to.")
        static let challenge = Key(
            "challenge", .word(Blueprint.Automatic.Challenge.allCases.map(\.rawValue)),
            default: defaults.challenge.rawValue,
            """
            How control over a host is proved. `tls-alpn-01`: by this listener, which must be reached on port 443. \
            `http-01`: by the http listeners without `tls`, one of which must be reached on port 80. `dns-01`: by \
            records that `hook` makes; only this one gives wildcards.
            """)
        static let hook = Key(
            "hook", .list(of: .text(.argument)),
            """
            A program and its arguments for `dns-01`. It is run with `add` or `remove`, the record's name and its \
            value behind them, and ends with 0 when the record can be seen, or is gone.
            """)
        static let externalAccount = Key(
            "external_account", .section(ExternalAccount.section),
            "What an authority gave that takes only customers it knows (RFC 8555 section 7.3.4).")
        static let onDemand = Key(
            "on_demand", .part(.section(OnDemand.section)), default: "off",
            """
            Names that clients ask for and that no certificate has get one too, while their first handshake waits, \
            when a service of yours says so.
            """)
        package static let section = Section(
            "ACME", "Certificates from an authority on the network. Using it means to agree to that authority's terms.",
            [email, directory, staging, verify, challenge, hook, externalAccount, onDemand])
    }

    package enum OnDemand {
        static let ask = Key(
            "ask", .text(.askURL), required: true,
            "Who says whether a name may have a certificate: GET with `domain=NAME` behind it; status 2xx means yes.")
        static let hourly = Key(
            "hourly", .integer(1...10_000), default: "10", "The most certificates that are ordered in an hour.")
        static let most = Key("most", .integer(1...100_000), default: "1000", "The most names in all.")
        package static let section = Section(
            "on demand", "Certificates for names that nobody has written down.", [ask, hourly, most])
    }

    package enum ExternalAccount {
        static let keyID = Key("key_id", .text(.argument), required: true, "The key's name.")
        static let secret = Key(
            "secret", .text(.macKey), required: true,
            "The key itself in base64url, or `file:` and the path of a file with it.")
        package static let section = Section(
            "external account", "An account that was opened elsewhere.", [keyID, secret])
    }
}

extension TextForm {
    static let email = TextForm("address of mail", "an address such as 'ops@shop.example'", pattern: "@")
    static let directoryURL = TextForm(
        "URL", "an https URL such as 'https://acme.example/directory'", examples: [Blueprint.Automatic.production],
        pattern: "^https://")
    static let askURL = TextForm(
        "URL", "a URL such as 'http://127.0.0.1:9000/may'", examples: ["http://127.0.0.1:9000/may"],
        pattern: "^https?://")
    static let macKey = TextForm(
        "secret", "a key in base64url, or 'file:' and the path of a file that holds it",
        examples: ["${AYA_ACME_KEY}", "file:/etc/aya/acme.key"])
}
