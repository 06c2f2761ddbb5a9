internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTestSupport
internal import Testing

/// One configuration after the other in the same process.
@Suite(.timeLimit(.minutes(1))) struct ReloadTests {
    private func blueprint(_ text: String, at port: UInt16 = 0) -> Blueprint {
        Blueprint(
            listeners: [.init(name: "web", bind: .loopback(port))], routes: [.answering(text)], workers: .exactly(2))
    }

    @Test func theNextConfigurationAnswersOnTheSameSocket() async throws {
        let server = try start(blueprint("one"))
        let address = try server.address()
        #expect(try await server.ask()?.hasSuffix("one") == true)
        for number in 2...5 {
            let reload = try await server.reload(Configuration(blueprint: blueprint("number \(number)")))
            #expect(reload.generation == number && reload.summary == "~1 route")
            #expect(try server.address() == address, "a port of the system's choice stays")
            #expect(try await server.ask()?.hasSuffix("number \(number)") == true)
        }
        await server.stop()
    }

    @Test func theSameAgainIsNoGeneration() async throws {
        let server = try start(blueprint("one"))
        let reload = try await server.reload(Configuration(blueprint: blueprint("one")))
        #expect(reload.generation == 1 && reload.summary == "no changes")
        #expect(reload.description.hasPrefix("generation 1 applied in "))
        await server.stop()
    }

    @Test func manyAtOnceComeOneAfterTheOther() async throws {
        let server = try start(blueprint("one"))
        let generations = await withTaskGroup { group in
            for number in 0..<12 {
                group.addTask {
                    try? await server.reload(Configuration(blueprint: blueprint("number \(number)"))).generation
                }
            }
            return await group.reduce(into: [Int]()) { if let generation = $1 { $0.append(generation) } }
        }
        #expect(generations.sorted() == Array(2...13))
        #expect(try await server.ask()?.contains("number ") == true)
        await server.stop()
    }

    @Test func whatCanNotRunChangesNothing() async throws {
        let other = try startServer(routes: [.answering("other")])
        let taken = try other.address()
        let server = try start(blueprint("one"))
        var wrong = blueprint("two")
        wrong.listeners.append(.init(name: "more", bind: .address(taken)))
        await #expect(throws: ReloadError.self) { try await server.reload(Configuration(blueprint: wrong)) }
        await #expect(throws: ReloadError.self, "there is no file to read") { try await server.reload() }
        #expect(try await server.ask()?.hasSuffix("one") == true)
        await server.stop()
        await #expect(throws: ReloadError.self) { try await server.reload(Configuration(blueprint: blueprint("x"))) }
        await other.stop()
    }

    @Test func drainsOutlastIt() async throws {
        let behind = try startServer(routes: [.answering("from behind")])
        let address = try behind.address()
        func pool(_ idle: Int) -> Blueprint {
            Blueprint(
                listeners: [.init(name: "web", bind: .loopback())], routes: [.forwarding(to: "main")],
                pools: [.init(name: "main", servers: [.init(address: .address(address))], idleConnections: idle)],
                workers: .exactly(2))
        }
        let server = try start(pool(10))
        #expect(await server.drain("\(address)", of: "main", for: .seconds(60)))
        #expect(try await server.ask()?.hasPrefix("HTTP/1.1 503 ") == true)
        try await server.reload(Configuration(blueprint: pool(11)))
        #expect(try await server.ask()?.hasPrefix("HTTP/1.1 503 ") == true)
        #expect(await server.endDraining("\(address)", of: "main"))
        #expect(try await server.ask()?.hasSuffix("from behind") == true)
        await server.stop()
        await behind.stop()
    }
}
