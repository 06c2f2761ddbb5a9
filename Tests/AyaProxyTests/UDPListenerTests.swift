internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaTelemetry
internal import AyaTestSupport
internal import Testing

struct UDPListenerTests {
    private static let udp = Blueprint.Listener.Kind.udp(pool: "log")

    private static func blueprint(
        _ servers: [Peer], listener: (inout Blueprint.Listener) -> Void = { _ in }
    ) -> Blueprint {
        .layer4(udp, pools: [("log", servers.compactMap(\.localAddress))], listener: listener)
    }

    private static func server() throws -> Peer { try Peer(datagramsTo: nil) }

    @Test func answersFindTheirWayBack() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server])) { site in
            let clients = try (0..<20).map { _ in try Peer(datagramsTo: site.addresses[0]) }
            for (index, client) in clients.enumerated() { client.send("ask \(index)") }
            for _ in clients { server.echo() }
            for (index, client) in clients.enumerated() {
                #expect(client.receive() == .bytes(Array("ask \(index)".utf8)))
            }
            #expect(await site.flowCount == 20)
            let counts = await site.listener
            #expect(counts.datagramsReceived == 20 && counts.datagramsSent == 20 && counts.datagramsDropped == 0)
            #expect(counts.flowsOpen == 20)
        }
    }

    @Test(arguments: [0, 1, 512, 1472, 9000, 65507])
    func everySizePasses(size: Int) async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server])) { site in
            let client = try Peer(datagramsTo: site.addresses[0])
            let bytes = testPattern(size)
            client.sendDatagram(bytes)
            server.echo()
            let answer = client.receive(atMost: 70_000)
            let isWhole = size == 0 ? answer == .end : answer == .bytes(bytes)
            #expect(isWhole)
        }
    }

    @Test func aBurstFromOneClientArrivesInOrder() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server])) { site in
            let client = try Peer(datagramsTo: site.addresses[0])
            for index in 0..<100 { client.sendDatagram(testPattern(index % 7 == 0 ? 300 : 200, seed: UInt64(index))) }
            for index in 0..<100 {
                #expect(server.receive() == .bytes(testPattern(index % 7 == 0 ? 300 : 200, seed: UInt64(index))))
            }
            #expect(await site.listener.datagramsReceived == 100)
        }
    }

    @Test func equalAnswersToOneClientLeaveAsATrainAndArriveSingly() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server])) { site in
            let client = try Peer(datagramsTo: site.addresses[0])
            client.send("go")
            let flow = try #require(server.receiveFrom())
            for index in 0..<40 { server.send(testPattern(index == 39 ? 77 : 400, seed: UInt64(index)), to: flow) }
            for index in 0..<40 {
                #expect(client.receive() == .bytes(testPattern(index == 39 ? 77 : 400, seed: UInt64(index))))
            }
            #expect(await site.listener.datagramsSent == 40)
        }
    }

    @Test func aFlowKeepsItsServer() async throws {
        let servers = try (0..<3).map { _ in try Self.server() }
        try await Site.with(Self.blueprint(servers)) { site in
            let clients = try (0..<3).map { _ in try Peer(datagramsTo: site.addresses[0]) }
            for _ in 0..<5 { for client in clients { client.send("x") } }
            for server in servers {
                var sources = Set<UInt16>()
                for _ in 0..<5 { if let source = server.receiveFrom() { sources.insert(source.port) } }
                #expect(sources.count == 1)
            }
        }
    }

    @Test func aDeadServersFlowsMoveToAnother() async throws {
        let alive = try Self.server()
        let dead = try #require(try Self.server().localAddress)
        let blueprint = Blueprint.layer4(
            Self.udp, pools: [("log", [dead, try #require(alive.localAddress)])])
        try await Site.with(blueprint) { site in
            let client = try Peer(datagramsTo: site.addresses[0])
            client.send("lost")
            #expect(await eventually { await site.metrics.pools[0].servers[0].counts.reasons[.connectRefused] == 1 })
            client.send("found")
            #expect(alive.receive() == .bytes(Array("found".utf8)))
            let pool = await site.metrics.pools[0]
            #expect(pool.servers[0].counts.inFlight == 0 && pool.servers[1].counts.inFlight == 1)
            #expect(await site.flowCount == 1)
        }
    }

    @Test func silenceEndsAFlow() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server]) { $0.timeouts.idle = .milliseconds(60) }) { site in
            let client = try Peer(datagramsTo: site.addresses[0])
            client.send("x")
            let flow = try #require(server.receiveFrom())
            #expect(await eventually { await site.listener.sessions[.idleTimeout] == 1 })
            #expect(await site.flowCount == 0)
            #expect(await site.metrics.pools[0].servers[0].counts.inFlight == 0)
            // The flow's port is closed: a late answer goes nowhere, and the next datagram opens a flow anew.
            server.send([1], to: flow)
            client.send("again")
            #expect(server.receiveFrom() != nil)
            #expect(await site.listener.datagramsSent == 0)
        }
    }

    @Test func flowsAreLimited() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server]) { $0.limits.connections = 3 }) { site in
            let clients = try (0..<5).map { _ in try Peer(datagramsTo: site.addresses[0]) }
            for client in clients { client.send("x") }
            #expect(await eventually { await site.listener.datagramsReceived == 5 })
            let counts = await site.listener
            #expect(counts.flowsOpen == 3 && counts.datagramsDropped == 2 && counts.sessions[.connectionLimit] == 2)
        }
    }

    @Test func flowsOfOneClientAreLimited() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server]) { $0.limits.connectionsPerClient = 2 }) { site in
            for last in [1, 1, 1, 2] as [UInt32] {
                try Peer(datagramsTo: site.addresses[0], from: IPAddress(v4: 0x7f00_0000 + last)).send("x")
            }
            #expect(await eventually { await site.listener.datagramsReceived == 4 })
            #expect(await site.listener.flowsOpen == 3)
        }
    }

    @Test func aDrainTakesNoNewFlows() async throws {
        let server = try Self.server()
        try await Site.with(Self.blueprint([server])) { site in
            let old = try Peer(datagramsTo: site.addresses[0])
            old.send("a")
            server.echo()
            #expect(old.receive() == .bytes([97]))
            await site.drainDatagrams()
            try Peer(datagramsTo: site.addresses[0]).send("b")
            old.send("c")
            #expect(server.receive() == .bytes([99]))
            #expect(await eventually { await site.listener.sessions[.draining] == 1 })
            #expect(await site.flowCount == 1)
        }
    }
}
