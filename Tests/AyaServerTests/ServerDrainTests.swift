internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTestSupport
internal import Testing

/// One server of a pool taken out of service while the others work on.
@Suite(.timeLimit(.minutes(1))) struct ServerDrainTests {
    /// Answers everything with its name until nobody holds it.
    private final class Named: Sendable {
        let listener: PeerListener
        var endpoint: Endpoint { .address(listener.address) }
        var address: String { "\(listener.address)" }

        init(_ name: String) throws {
            let listener = try PeerListener()
            self.listener = listener
            _ = Background {
                while let peer = try? listener.accept() {
                    _ = Background {
                        while case .bytes = peer.receive() {
                            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
                        }
                    }
                }
            }
        }
    }

    private func names(_ server: Server, _ count: Int = 12) async throws -> Set<String> {
        var names = Set<String>()
        for _ in 0..<count { names.insert(String(try await server.ask()?.suffix(1) ?? "none")) }
        return names
    }

    private func state(of address: String, _ server: Server) async throws -> Substring? {
        let status = try await server.ask("/v1/status", of: "admin") ?? ""
        let entry = status.firstRange(of: "\"address\":\"\(address)\"").map { status[$0.upperBound...] }
        return entry?.firstRange(of: "\"state\":\"").flatMap { range in
            entry?[range.upperBound...].prefix { $0 != "\"" }
        }
    }

    @Test func aDrainingServerGetsNothingNewUntilItIsBack() async throws {
        let (a, b) = (try Named("a"), try Named("b"))
        let pool = Blueprint.Pool(
            name: "main", servers: [.init(address: a.endpoint), .init(address: b.endpoint)], balance: .roundRobin)
        let server = try startServer(routes: [.forwarding(to: "main")], pools: [pool], hasAdmin: true)
        #expect(try await names(server) == ["a", "b"])
        #expect(await server.drain(a.address, of: "main", for: .milliseconds(300)))
        #expect(try await names(server) == ["b"])
        #expect(try await state(of: a.address, server) == "draining")
        // Past its deadline it stays out, until somebody says otherwise.
        try await Task.sleep(for: .milliseconds(500))
        #expect(try await state(of: a.address, server) == "draining")
        #expect(try await names(server) == ["b"])
        #expect(await server.endDraining(a.address, of: "main"))
        #expect(try await names(server) == ["a", "b"])
        #expect(try await state(of: a.address, server) == "available")
        #expect(await server.drain("127.0.0.1:1", of: "main", for: .seconds(1)) == false)
        #expect(await server.drain(a.address, of: "other", for: .seconds(1)) == false)
        await server.stop(grace: .zero)
    }
}
