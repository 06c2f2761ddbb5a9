internal import AyaAdmin
internal import AyaHTTP
internal import Testing

/// What a browser sends for a page of another site must not move anything.
@Suite struct AdminGuardTests {
    private static func status(_ headers: [(name: String, value: String)], path: String = "/v1/status") async -> Int {
        let request = ServiceRequest(method: "GET", path: path, headers: headers)
        return await AdminService(AdminServiceTests.FixedSource()).respond(to: request).status
    }

    @Test(arguments: ["127.0.0.1:9900", "[::1]:9900", "[::1]", "localhost", "localhost:9900", "10.0.0.7:9900", ""])
    func addressesAreAnswered(host: String) async {
        #expect(await Self.status([("host", host)]) == 200)
        #expect(await Self.status([("host", host), ("origin", "http://\(host)")]) == 200)
        #expect(await Self.status([("host", host), ("origin", "https://evil.example")]) == 403)
        #expect(await Self.status([("host", host), ("origin", "null")]) == 403)
        #expect(await Self.status([("host", host), ("sec-fetch-site", "cross-site")]) == 403)
    }

    @Test(arguments: ["evil.example", "evil.example:9900", "localhost.evil.example:9900", "127.0.0.1.evil.example"])
    func namesAreNot(host: String) async {
        #expect(await Self.status([("host", host)]) == 403)
        #expect(await Self.status([("host", host)], path: "/metrics") == 200, "a collector may use a name")
    }
}
