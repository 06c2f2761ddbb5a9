internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTestSupport
internal import Testing

/// The admin API over a running server's own counters.
@Suite(.timeLimit(.minutes(1))) struct AdminTests {
    @Test func tellsWhatHappened() async throws {
        let behind = try startServer(routes: [.answering("x")])
        let address = try behind.address()
        let pool = Blueprint.Pool(name: "main", servers: [.init(address: .address(address), weight: 3)])
        let server = try startServer(routes: [.forwarding(to: "main")], pools: [pool], hasAdmin: true)
        // Over both workers: each connection may land on either.
        for _ in 0..<20 { #expect(try await server.ask() != nil) }

        let status = try #require(try await server.ask("/v1/status", of: "admin"))
        #expect(status.contains(#""version":"\#(Server.version)","generation":1,"state":"ready""#))
        #expect(status.contains(#""workers":2"#))
        #expect(status.contains(#"{"name":"web","protocol":"http","address":"\#(try server.address())""#))
        #expect(status.contains(#"{"address":"\#(address)","weight":3,"state":"available""#))

        let metrics = try #require(try await server.ask("/metrics", of: "admin"))
        #expect(metrics.contains("\naya_listener_requests_total{listener=\"web\"} 20\n"))
        #expect(metrics.contains("\naya_build_info{version=\"\(Server.version)\"} 1\n"))

        #expect(try await server.ask("/readyz", of: "admin")?.hasPrefix("HTTP/1.1 200 ") == true)
        #expect(try await server.ask("/nothing", of: "admin")?.hasPrefix("HTTP/1.1 404 ") == true)
        await server.stop()
        await behind.stop()
    }
}
