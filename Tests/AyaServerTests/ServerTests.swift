internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTestSupport
internal import Testing

/// Aya inside another program, as its users embed it.
@Suite(.timeLimit(.minutes(1))) struct ServerTests {
    @Test func answersAndStops() async throws {
        let server = try startServer(routes: [.answering("hello\n")])
        let address = try server.address()
        #expect(try await server.ask()?.hasSuffix("\r\n\r\nhello\n") == true)
        #expect(await server.stop() == 0)
        #expect(await answer(to: "/", at: address) == nil)
        #expect(await server.stop() == 0, "stopping twice does nothing")
    }

    @Test func twoLiveSideBySide() async throws {
        let one = try startServer(routes: [.answering("one")])
        let other = try startServer(routes: [.answering("other")])
        #expect(try await one.ask()?.hasSuffix("one") == true)
        #expect(try await other.ask()?.hasSuffix("other") == true)
        await one.stop()
        #expect(try await other.ask()?.hasSuffix("other") == true)
        await other.stop()
    }

    @Test func oneForwardsToTheOther() async throws {
        let behind = try startServer(routes: [.answering("from behind")])
        let pool = Blueprint.Pool(name: "main", servers: [.init(address: .address(try behind.address()))])
        let front = try startServer(routes: [.forwarding(to: "main")], pools: [pool])
        for _ in 0..<5 { #expect(try await front.ask()?.hasSuffix("from behind") == true) }
        await behind.stop()
        #expect(try await front.ask()?.hasPrefix("HTTP/1.1 502 ") == true)
        await front.stop()
    }

    @Test func startsAgainOnTheSamePort() async throws {
        let first = try startServer(routes: [.answering("first")])
        let address = try first.address()
        #expect(try await first.ask()?.hasSuffix("first") == true)
        await first.stop()
        let blueprint = Blueprint(
            listeners: [.init(name: "web", bind: .address(address))], routes: [.answering("second")])
        let second = try start(blueprint)
        #expect(try await second.ask()?.hasSuffix("second") == true)
        await second.stop()
    }
}

@Suite(.timeLimit(.minutes(1))) struct ServerStartTests {
    @Test func addressInUse() async throws {
        let running = try startServer(routes: [.answering("running")])
        let taken = try running.address()
        let free = try { try PeerListener().address }()
        let blueprint = Blueprint(
            listeners: [
                .init(name: "first", bind: .address(free)), .init(name: "second", bind: .address(taken)),
            ], routes: [.answering("late")], workers: .exactly(2))
        #expect {
            _ = try start(blueprint)
        } throws: { error in
            "\(error)" == "listener 'second' can not listen on \(taken): Address already in use"
        }
        #expect(await answer(to: "/", at: free) == nil, "the first listener is closed again")
        #expect(try await running.ask()?.hasSuffix("running") == true)
        await running.stop()
    }

    @Test func datagramAddressInUse() async throws {
        func blueprint(_ port: UInt16) -> Blueprint {
            Blueprint(
                listeners: [.init(name: "log", bind: .loopback(port), kind: .udp(pool: "main"))],
                pools: [.init(name: "main", servers: [.init(address: .loopback(9))])])
        }
        let running = try start(blueprint(0))
        let taken = try running.address("log")
        #expect(throws: StartError.self) { _ = try start(blueprint(taken.port)) }
        await running.stop()
        let again = try start(blueprint(taken.port))
        await again.stop()
    }

    @Test func logThatCanNotBeWritten() throws {
        let blueprint = Blueprint(
            listeners: [.init(name: "web", bind: .loopback())], routes: [.answering("")],
            accessLogs: [.init(name: "access", target: .file(path: "/nowhere/access.log", .init()))])
        #expect {
            _ = try start(blueprint)
        } throws: { error in
            "\(error)".contains("/nowhere/access.log")
        }
    }

    @Test func configurationsAsText() throws {
        let text = "listeners: { web: { bind: '127.0.0.1:8080' } }\npools: { web: { servers: [127.0.0.1:9001] } }\n"
        #expect(try Configuration(text: text).warnings.isEmpty)
        #expect {
            _ = try Configuration(text: "listeners: { web: { bnid: 1 } }\n", name: "mine")
        } throws: { error in
            (error as? ConfigurationError)?.problems.contains { $0.hasPrefix("mine:1:") } == true
        }
    }
}
