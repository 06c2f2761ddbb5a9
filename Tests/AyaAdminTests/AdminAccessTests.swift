internal import AyaAdmin
internal import AyaCore
internal import AyaHTTP
internal import AyaTelemetry
internal import Testing

/// Who is let in, and how far.
@Suite struct AdminAccessTests {
    /// Its own hash, so that tests can read it.
    private static let access: AdminAccess = {
        var access = AdminAccess { Array("hash of ".utf8) + $0 }
        access.tokens = [
            .init(name: "look", digest: Array("hash of one".utf8), scope: .read),
            .init(name: "work", digest: Array("hash of two".utf8), scope: .operate),
        ]
        access.hosts = ["aya.example"]
        return access
    }()

    /// Answers every change.
    private struct Desk: ControlDesk {
        var access: AdminAccess

        func change(_ change: WantedChange, by author: Author) async -> ChangeOutcome {
            .made(ChangeReport(generation: 1, description: author.identity, summary: "", changes: [], duration: .zero))
        }
        func generations() -> [GenerationEntry] { [] }
        func configuration(_ version: Version, as notation: Notation) -> (generation: Int, text: String)? { nil }
        func difference(from old: Version, to new: Version) async -> DifferenceOutcome {
            .found(summary: "", changes: [])
        }
        func events(recent: Int) -> ServiceFeed { ServiceFeed() }
        func tap(_ wish: TapWish) -> ServiceFeed? { nil }
        func explain(_ question: [UInt8]) async throws(QuestionFault) -> [UInt8] { [] }
        var logLevel: String { "info" }
        var keptLogLevel: String? { nil }
        func audit() -> (entries: [AuditEntry], problem: String?) { ([], nil) }
    }

    private static func ask(
        _ method: String, _ path: String, from client: String? = "192.0.2.1:4000", token: String? = nil,
        host: String = "10.0.0.1", certificate: String? = nil, access: AdminAccess = access
    ) async -> ServiceResponse {
        var headers = [(name: "host", value: host)]
        if let token { headers.append((name: "authorization", value: "Bearer \(token)")) }
        let request = ServiceRequest(
            method: method, path: path, headers: headers, client: client.flatMap { SocketAddress($0) },
            certificate: certificate)
        return await AdminService(AdminServiceTests.FixedSource(), control: Desk(access: access)).respond(to: request)
    }

    @Test func strangersShowSomething() async {
        let answer = await Self.ask("GET", "/v1/status")
        #expect(answer.status == 401)
        #expect(answer.headers.contains { $0.name == "www-authenticate" && $0.value == "Bearer realm=\"aya\"" })
        #expect(await Self.ask("GET", "/metrics").status == 401)
        #expect(await Self.ask("GET", "/healthz").status == 200)
        #expect(await Self.ask("GET", "/v1/status", token: "three").status == 401)
        #expect(await Self.ask("GET", "/v1/status", from: "127.0.0.1:1").status == 401, "others may be there too")
    }

    @Test func scopesIncludeThoseBefore() async {
        #expect(await Self.ask("GET", "/v1/status", token: "one").status == 200)
        #expect(await Self.ask("GET", "/metrics", token: "one").status == 200)
        #expect(await Self.ask("POST", "/v1/reload", token: "one").status == 403)
        #expect(await Self.ask("POST", "/v1/reload", token: "two").status == 200)
        #expect(await Self.ask("GET", "/v1/generations", token: "two").status == 200)
        #expect(await Self.ask("POST", "/v1/upgrade", token: "two").status == 403)
        #expect(await Self.ask("POST", "/v1/upgrade", certificate: "CN=ops").status == 200)
    }

    @Test func socketsAreGuardedByTheirFile() async {
        #expect(await Self.ask("POST", "/v1/upgrade", from: nil).status == 200)
        #expect(await Self.ask("POST", "/v1/upgrade", from: nil, token: "one").status == 403, "who shows less has less")
    }

    @Test func loopbackIsLetInWhereNoTokensAre() async {
        let none = AdminAccess { $0 }
        #expect(await Self.ask("POST", "/v1/reload", from: "127.0.0.1:1", access: none).status == 200)
        #expect(await Self.ask("POST", "/v1/reload", from: "[::1]:1", access: none).status == 200)
        #expect(await Self.ask("POST", "/v1/reload", access: none).status == 401)
        #expect(await Self.ask("GET", "/metrics", access: none).status == 200)
        var open = none
        open.isOpen = true
        #expect(await Self.ask("POST", "/v1/reload", access: open).status == 200)
    }

    @Test func namesThatAreConfiguredOrComeWithAToken() async {
        let none = AdminAccess { $0 }
        #expect(await Self.ask("GET", "/v1/status", host: "aya.example", certificate: "CN=a").status == 200)
        #expect(await Self.ask("GET", "/v1/status", host: "evil.example", certificate: "CN=a").status == 403)
        #expect(await Self.ask("GET", "/v1/status", token: "one", host: "elsewhere.example").status == 200)
        #expect(await Self.ask("GET", "/v1/status", from: "127.0.0.1:1", host: "a.example", access: none).status == 403)
    }

    @Test func whoMadeAChangeIsKnownByWhatTheyShowed() async {
        let answer = await Self.ask("POST", "/v1/reload", token: "two")
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\"token work\""))
    }
}
