import AyaConfig
import AyaCore
import Testing

@Suite struct BlueprintDifferenceTests {
    private static let base = """
        listeners: { web: { bind: ":8080" } }
        routes:
          api: { path: /api/*, pool: api }
          site: { pool: web }
        pools:
          api: { servers: [127.0.0.1:9101, { address: 127.0.0.1:9102, weight: 3 }] }
          web: { servers: [127.0.0.1:9001] }
        """

    private static func blueprint(_ text: String) throws -> Blueprint {
        let loaded = ConfigurationLoader { _ in nil }.load(text: text, fileName: "aya.yaml")
        return try #require(loaded.blueprint, "\(loaded.diagnostics.map(\.rendered))")
    }

    private static func difference(_ edit: (String) -> String) throws -> BlueprintDifference {
        BlueprintDifference(from: try blueprint(base), to: try blueprint(edit(base)))
    }

    @Test func nothing() throws {
        let difference = try Self.difference { "# a comment\n" + $0 }
        #expect(difference.isEmpty && difference.summary == "no changes" && difference.lines.isEmpty)
    }

    @Test func countsEachKindByItself() throws {
        let difference = try Self.difference {
            $0.replacing("  site:", with: "  beta: { path: /beta, pool: web }\n  site:")
                .replacing("weight: 3", with: "weight: 5")
                .replacing("[127.0.0.1:9001]", with: "[127.0.0.1:9002, 127.0.0.1:9003]")
        }
        #expect(difference.summary == "+1 route, +2 servers, -1 server, ~1 server")
        #expect(
            difference.lines == [
                "+ route beta", "- server web/127.0.0.1:9001", "~ server api/127.0.0.1:9102", "    weight: 3 -> 5",
                "+ server web/127.0.0.1:9002", "+ server web/127.0.0.1:9003",
            ])
    }

    @Test func tellsKeysInTheirExpandedForm() throws {
        let difference = try Self.difference {
            $0.replacing("web: { servers", with: "web: { balance: maglev, timeouts: { connect: 3s }, servers")
        }
        #expect(difference.changes.map(\.name) == ["web"] && difference.changes.map(\.kind) == [.pool])
        let details = difference.changes[0].details
        #expect(details.contains { $0.key == "balance" && $0.before == "auto" && $0.after == "maglev" })
        #expect(details.contains { $0.key == "timeouts.connect" && $0.after == "3s" })
        #expect(details.contains { $0.key == "hash" && $0.before == nil && $0.after == "source_ip" })
    }

    @Test func settings() throws {
        let difference = try Self.difference { $0 + "\ndrain: { grace: 5s }\nworkers: 3\n" }
        #expect(difference.summary == "~2 settings")
        #expect(difference.lines == ["~ workers: auto -> 3", "~ drain.grace: 30s -> 5s"])
    }

    @Test func secretsAreNotTold() throws {
        let secret = { (text: String) in
            Self.base.replacing(
                "web: { servers", with: "web: { persistence: { cookie: { name: x, secret: \(text) } }, servers")
        }
        let difference = BlueprintDifference(
            from: try Self.blueprint(secret("0123456789abcdef0")), to: try Self.blueprint(secret("fedcba98765432100")))
        #expect(difference.lines.contains("    persistence.cookie.secret: (secret) -> (secret)"))
        #expect(!difference.lines.joined().contains("fedcba"))
    }
}
