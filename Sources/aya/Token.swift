internal import ArgumentParser
internal import AyaProxy
internal import AyaTelemetry

struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make tokens for the admin API.", subcommands: [Create.self], defaultSubcommand: Create.self)

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and what the configuration needs to know of it.",
            discussion: """
                The token itself is shown this once and kept nowhere; the configuration has its hash. Commands take it \
                from AYA_TOKEN in the environment, other clients send 'Authorization: Bearer TOKEN'.
                """)

        enum Scope: String, ExpressibleByArgument, CaseIterable {
            case read, operate, admin
        }

        @Option(help: "Its name in the configuration and in the audit log.")
        var name = "operator"

        @Option(help: "read: look; operate: change what runs, too; admin: everything.")
        var scope = Scope.read

        @Flag(help: "Print token, hash and scope as JSON.")
        var json = false

        func run() throws {
            var random = SystemRandomNumberGenerator()
            let bytes = (0..<4).flatMap { _ in
                unsafe withUnsafeBytes(of: random.next()) { unsafe Array($0) }
            }
            let token = "aya_" + Self.hexadecimal(bytes)
            let hash = "sha256:" + Self.hexadecimal(SHA256.hash(Array(token.utf8)))
            if json { return print(Self.report(name, token, hash, scope)) }
            print(token)
            StandardError.write(
                """
                Add this to the configuration; the token is not shown again:

                admin:
                  tokens:
                    \(name): { hash: "\(hash)", scope: \(scope.rawValue) }
                """)
        }

        private static func hexadecimal(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }

        private static func report(_ name: String, _ token: String, _ hash: String, _ scope: Scope) -> String {
            var writer = JSONWriter(Text())
            writer.object { document in
                document.member("name", name)
                document.member("token", token)
                document.member("hash", hash)
                document.member("scope", scope.rawValue)
            }
            return writer.sink.string
        }
    }
}
