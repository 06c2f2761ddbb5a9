internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaTelemetry
internal import AyaTestSupport
internal import Testing

struct TCPSessionTests {
    private static let tcp = Blueprint.Listener.Kind.tcp(pool: "db", sni: [])

    /// A port where nobody listens.
    private static func deadAddress() throws -> SocketAddress { try PeerListener().address }

    @Test func aServerMaySpeakFirst() async throws {
        let server = try PeerListener()
        try await Site.with(.layer4(Self.tcp, pools: [("db", [server.address])])) { site in
            let client = try Peer(to: site.addresses[0])
            let upstream = try server.accept()
            upstream.send("220 ready")
            #expect(client.text(9) == "220 ready")
            client.send("quit")
            #expect(upstream.text(4) == "quit")
            client.endSending()
            #expect(upstream.receive() == .end)
            upstream.endSending()
            #expect(client.receive() == .end)
            #expect(await eventually { await site.listener.sessions[.ok] == 1 })
            let counts = await site.listener
            #expect(counts.connectionsAccepted == 1 && counts.connectionsOpen == 0)
            #expect(counts.bytesReceived == 4 && counts.bytesSent == 9)
            #expect(await site.metrics.pools[0].servers[0].counts.inFlight == 0)
            #expect(await site.buffersLent == 0)
        }
    }

    @Test func aDeadServerIsPassedOver() async throws {
        let server = try PeerListener()
        let dead = try Self.deadAddress()
        try await Site.with(.layer4(Self.tcp, pools: [("db", [dead, server.address])])) { site in
            for _ in 0..<4 {
                let client = try Peer(to: site.addresses[0])
                client.send("hello")
                #expect(try server.accept().text(5) == "hello")
            }
            let pool = await site.metrics.pools[0]
            // Round robin: each session begins with the dead one, and goes on to the other.
            #expect(pool.counts.retries == 4)
            #expect(pool.servers[0].counts.connectFailures == 4)
            #expect(pool.servers[0].counts.reasons[.connectRefused] == 4)
        }
    }

    @Test func withoutAServerTheClientIsReset() async throws {
        let dead = try Self.deadAddress()
        try await Site.with(.layer4(Self.tcp, pools: [("db", [dead])])) { site in
            let client = try Peer(to: site.addresses[0])
            #expect(client.receive() == .failed(104))
            #expect(await eventually { await site.listener.sessions[.connectRefused] == 1 })
            #expect(await site.listener.connectionsOpen == 0)
        }
    }

    @Test func connectionsBeyondTheLimitAreRefused() async throws {
        let server = try PeerListener()
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [server.address])], listener: { $0.limits.connections = 2 })
        try await Site.with(blueprint) { site in
            let held = try (0..<2).map { _ in try Peer(to: site.addresses[0]) }
            let upstreams = try held.map { _ in try server.accept() }
            let refused = try Peer(to: site.addresses[0])
            #expect(refused.receive() == .failed(104))
            #expect(await site.listener.connectionsRefused == 1)
            held[0].endSending()
            upstreams.forEach { $0.endSending() }
            #expect(await eventually { await site.listener.connectionsOpen == 1 })
            let welcome = try Peer(to: site.addresses[0])
            welcome.send("x")
            #expect(try server.accept().text(1) == "x")
        }
    }

    @Test(arguments: Blueprint.ProxyProtocolVersion.allCases)
    func theServerLearnsTheClientFromTheHeader(version: Blueprint.ProxyProtocolVersion) async throws {
        let server = try PeerListener()
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [server.address])], pool: { $0.proxyProtocol = version })
        try await Site.with(blueprint) { site in
            let client = try Peer(to: site.addresses[0])
            let from = try #require(client.localAddress)
            let upstream = try server.accept()
            let header: [UInt8]
            switch version {
            case .v1:
                header = Array("PROXY TCP4 127.0.0.1 127.0.0.1 \(from.port) \(site.addresses[0].port)\r\n".utf8)
            case .v2:
                let ports = [from.port, site.addresses[0].port].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
                header =
                    [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 12, 127, 0, 0, 1, 127, 0, 0, 1]
                    + ports
            }
            #expect(upstream.receive(exactly: header.count) == header)
            client.send("after")
            #expect(upstream.text(5) == "after")
        }
    }

    @Test func aHeaderNamesTheClientOfABalancerBefore() async throws {
        let server = try PeerListener()
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [server.address])], listener: { $0.proxyProtocol = true },
            pool: { $0.proxyProtocol = .v1 })
        try await Site.with(blueprint) { site in
            let client = try Peer(to: site.addresses[0])
            client.send("PROXY TCP4 203.0.113.7 198.51.100.1 40000 443\r\nhello")
            let upstream = try server.accept()
            let expected = "PROXY TCP4 203.0.113.7 127.0.0.1 40000 \(site.addresses[0].port)\r\nhello"
            #expect(upstream.text(expected.utf8.count) == expected)

            let liar = try Peer(to: site.addresses[0])
            liar.send("GET / HTTP/1.1\r\n\r\n")
            #expect(liar.receive() == .failed(104))
            #expect(await site.listener.sessions[.proxyProtocolInvalid] == 1)
        }
    }

    @Test func aHeaderFromWhoIsNotTrustedIsNotBelieved() async throws {
        let server = try PeerListener()
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [server.address])],
            listener: {
                $0.proxyProtocol = true
                $0.trustedProxies = ["192.0.2.0/24"].compactMap { CIDR($0) }
            }, pool: { $0.proxyProtocol = .v1 })
        try await Site.with(blueprint) { site in
            let client = try Peer(to: site.addresses[0])
            client.send("PROXY TCP4 203.0.113.7 198.51.100.1 40000 443\r\n")
            #expect(try server.accept().text(21) == "PROXY TCP4 127.0.0.1 ")
        }
    }

    @Test func aHeaderThatDoesNotComeEndsTheSession() async throws {
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [try Self.deadAddress()])],
            listener: {
                $0.proxyProtocol = true
                $0.timeouts.header = .milliseconds(50)
            })
        try await Site.with(blueprint) { site in
            let client = try Peer(to: site.addresses[0])
            client.send("PROXY ")
            #expect(client.receive() == .failed(104))
            #expect(await eventually { await site.listener.sessions[.headerTimeout] == 1 })
            #expect(await site.buffersLent == 0)
        }
    }

    @Test func theServerNameChoosesThePool() async throws {
        let servers = try (0..<4).map { _ in try PeerListener() }
        let names = ["exact", "wide", "wider", "other"]
        let kind = Blueprint.Listener.Kind.tcp(
            pool: "other",
            sni: [
                Blueprint.Listener.SNIRule(host: .exact("a.shop.example"), pool: "exact"),
                Blueprint.Listener.SNIRule(host: .anyBelow("shop.example"), pool: "wide"),
                Blueprint.Listener.SNIRule(host: .anyBelow("example"), pool: "wider"),
            ])
        let pools = zip(names, servers).map { ($0, [$1.address]) }
        try await Site.with(.layer4(kind, pools: pools)) { site in
            let expectations = [
                ("a.shop.example", 0), ("A.Shop.Example", 0), ("b.shop.example", 1), ("x.a.shop.example", 1),
                ("shop.example", 2), ("a.elsewhere", 3), ("example", 3),
            ]
            for (name, index) in expectations {
                let client = try Peer(to: site.addresses[0])
                let hello = Self.clientHello(name)
                client.send(Array(hello.prefix(7)))
                client.send(Array(hello.dropFirst(7)))
                #expect(try servers[index].accept().receive(exactly: hello.count) == hello, "\(name)")
            }
            let plain = try Peer(to: site.addresses[0])
            plain.send("SSH-2.0-x\r\n")
            #expect(try servers[3].accept().text(11) == "SSH-2.0-x\r\n", "what is not TLS goes to the default")
        }
    }

    @Test func withoutADefaultPoolStrangersAreClosed() async throws {
        let server = try PeerListener()
        let kind = Blueprint.Listener.Kind.tcp(
            pool: nil, sni: [Blueprint.Listener.SNIRule(host: .exact("a.example"), pool: "a")])
        try await Site.with(.layer4(kind, pools: [("a", [server.address])])) { site in
            let stranger = try Peer(to: site.addresses[0])
            stranger.send(Self.clientHello("b.example"))
            #expect(stranger.receive() == .failed(104))
            let plain = try Peer(to: site.addresses[0])
            plain.send("hello there, this is no TLS")
            #expect(plain.receive() == .failed(104))
            let counts = await site.listener
            #expect(counts.sessions[.noRoute] == 1 && counts.sessions[.clientHelloInvalid] == 1)
            #expect(counts.connectionsOpen == 0)
        }
    }

    @Test func theEndOfAGraceCutsWhatRuns() async throws {
        let server = try PeerListener()
        try await Site.with(.layer4(Self.tcp, pools: [("db", [server.address])])) { site in
            let client = try Peer(to: site.addresses[0])
            let upstream = try server.accept()
            client.send("x")
            #expect(upstream.text(1) == "x")
            await site.cutSessions()
            #expect(client.receive() == .failed(104))
            #expect(upstream.receive() == .failed(104))
            #expect(await site.listener.sessions[.draining] == 1)
        }
    }

    @Test func aSessionIsCutWhileItStillWaitsForTheClient() async throws {
        let blueprint = Blueprint.layer4(
            Self.tcp, pools: [("db", [try Self.deadAddress()])], listener: { $0.proxyProtocol = true })
        try await Site.with(blueprint) { site in
            let client = try Peer(to: site.addresses[0])
            client.send("PROXY")
            #expect(await eventually { await site.buffersLent == 1 })
            await site.cutSessions()
            #expect(client.receive() == .failed(104))
            #expect(await eventually { await site.listener.sessions[.draining] == 1 })
            #expect(await site.buffersLent == 0)
        }
    }

    /// A TLS 1.2 ClientHello with nothing but a server name (RFC 8446 section 4.1.2, RFC 6066 section 3).
    static func clientHello(_ name: String) -> [UInt8] {
        func sized(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * (width - 1 - $0))) } + bytes
        }
        let serverName = sized(sized([0] + sized(Array(name.utf8), 2), 2), 2)
        let extensions = sized([0, 0] + serverName, 2)
        let body: [UInt8] =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0] + sized([0x13, 0x01], 2) + sized([0], 1) + extensions
        return [22, 3, 1] + sized([1] + sized(body, 3), 2)
    }
}
