internal import AyaConfig
internal import AyaProxy
internal import AyaServer
internal import Foundation
internal import Testing

@Suite struct ExplainTests {
    private static let configuration = """
        listeners:
          web: { bind: ":8080" }
          safe: { bind: ":8443", tls: internal }
          db: { bind: ":5432", protocol: tcp, pool: main, sni: { "*.db.example": other } }
        routes:
          api: { host: shop.example, path: /api/*, pool: main, timeout: 5s, criticality: critical }
          beta: { host: shop.example, path: /api/*, headers: { x-beta: "1" }, pool: other }
          any: { pool: { main: 9, other: 1 } }
          old: { host: "*.old.example", redirect: { to: "https://shop.example/", status: 301 } }
        pools:
          main: { servers: [127.0.0.1:1, { address: 127.0.0.1:2, weight: 0 }], balance: round_robin }
          other: { servers: [127.0.0.1:3], balance: consistent_hash }
        """

    private func explain(_ line: String) async throws -> [String: Any] {
        let blueprint = try #require(ConfigurationLoader().load(text: Self.configuration, fileName: "t").blueprint)
        let question = try Question(words: Question.words(of: line))
        let json = await Explanation.json(question, over: blueprint)
        return try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    }

    private func name(_ part: String, _ told: [String: Any]) -> String? {
        (told[part] as? [String: Any])?["name"] as? String
    }

    @Test(arguments: [
        ("GET http://shop.example/api/x", "web", "api", "main"),
        ("POST http://shop.example/%61pi/./x -H 'x-beta: 1'", "web", "beta", "other"),
        ("https://shop.example:8443/", "safe", "any", "main"),
        ("http://a.b.old.example/x", "web", "old", nil),
        ("GET /only/a/path", "web", "any", "main"),
    ]) func theRouteThatWins(line: String, listener: String, route: String, pool: String?) async throws {
        let told = try await explain(line)
        #expect(name("listener", told) == listener && name("route", told) == route && name("pool", told) == pool)
    }

    @Test func othersSayWhyNot() async throws {
        let told = try await explain("http://shop.example/api/x")
        let others = try #require(told["others"] as? [[String: Any]])
        let why = Dictionary(
            uniqueKeysWithValues: others.map { ($0["route"] as? String ?? "", $0["why"] as? String ?? "") })
        #expect(why["beta"] == "not so: header x-beta is '1'")
        #expect(why["any"] == "'api' comes first: its host is exact")
        #expect(why["old"] == "not so: host is *.old.example")
        #expect(others.first?["route"] as? String == "any", "what matches too is the closest")
    }

    @Test func candidatesWithWhatSpeaksAgainstThem() async throws {
        let told = try await explain("http://shop.example/api/x")
        let pool = try #require(told["pool"] as? [String: Any])
        let candidates = try #require(pool["candidates"] as? [[String: Any]])
        #expect(candidates.map { $0["picked"] as? Bool } == [true, false])
        #expect(candidates[1]["holds"] as? [String] == ["weight 0"])
        #expect(told["outcome"] as? String == "forwarded to pool main, server 127.0.0.1:1")
        let policies = try #require(told["policies"] as? [[String: String]])
        #expect(policies.contains { $0["name"] == "timeout" && $0["value"] == "5s" && $0["from"] == "route api" })
    }

    @Test func sessionsByTheirServerName() async throws {
        #expect(name("pool", try await explain("tls://one.db.example:5432")) == "other")
        #expect(name("pool", try await explain("tcp://elsewhere:5432")) == "main")
    }

    @Test(arguments: [
        "", "GET", "GET a b", "http://a/ -H", "http://a/ -H novalue", "ftp://a/", "http://a:b/", "'http://a", "--what",
        "http://a/ --client nobody", "http://a/ -H 'a b: c'",
    ]) func whatIsNotUnderstood(line: String) {
        #expect(throws: Question.Fault.self) { try Question(words: Question.words(of: line)) }
    }
}
