internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTestSupport
internal import Testing

/// Stopping while exchanges run.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    /// A server before one that takes requests and answers only when it is told to.
    private func startHeldExchange() async throws -> (Server, Background<String?>, Peer) {
        let upstream = try PeerListener()
        let pool = Blueprint.Pool(name: "main", servers: [.init(address: .address(upstream.address))])
        let server = try startServer(routes: [.forwarding(to: "main")], pools: [pool], hasAdmin: true)
        let address = try server.address()
        let client = Background<String?> {
            guard let peer = try? Peer(to: address) else { return nil }
            peer.send("GET / HTTP/1.1\r\nHost: aya.test\r\n\r\n")
            var answer: [UInt8] = []
            while case .bytes(let more) = peer.receive() { answer += more }
            return String(decoding: answer, as: UTF8.self)
        }
        let held = try await Background { try? upstream.accept() }.value ?? { throw Server.NotListening() }()
        _ = await Background { held.receive() }.value
        return (server, client, held)
    }

    @Test func whatRunsMayFinish() async throws {
        let (server, client, upstream) = try await startHeldExchange()
        let address = try server.address()
        async let cut = server.stop(grace: .seconds(20))
        #expect(await eventually { await answer(to: "/", at: address) == nil }, "nobody new is let in")
        #expect(try await server.ask("/readyz", of: "admin")?.hasPrefix("HTTP/1.1 503 ") == true)
        #expect(try await server.ask("/healthz", of: "admin")?.hasPrefix("HTTP/1.1 200 ") == true)
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
        let text = try #require(await client.value)
        #expect(text.hasPrefix("HTTP/1.1 200 ") && text.hasSuffix("done"))
        #expect(text.lowercased().contains("connection: close"), "a drained connection does not go on")
        #expect(await cut == 0)
    }

    @Test func whatDoesNotFinishIsCut() async throws {
        let (server, client, upstream) = try await startHeldExchange()
        let begin = ContinuousClock.now
        #expect(await server.stop(grace: .milliseconds(50)) == 1)
        #expect(await client.value == "", "the connection ends")
        #expect(await Background { upstream.receive() }.value != .bytes([]))
        #expect(ContinuousClock.now - begin < .seconds(5), "both sides learn of it, instead of waiting")
    }

    @Test func graceCanBeEnded() async throws {
        let (server, client, upstream) = try await startHeldExchange()
        async let cut = server.stop(grace: .seconds(60))
        try await Task.sleep(for: .milliseconds(50))
        server.endGrace()
        #expect(await cut == 1)
        #expect(await client.value == "")
        withExtendedLifetime(upstream) {}
    }
}
