internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import AyaTestSupport
internal import Glibc
internal import Testing

/// A relay between two real connections, the test playing client and server.
struct RelayTests {
    private struct Session {
        let thread: WorkerThread
        let client: Peer
        let server: Peer
        let outcome: Box<RelayOutcome?>
    }

    private func withRelay(
        idle: Interval = .seconds(30), fromClient: String? = nil, fromServer: String? = nil,
        _ body: (Session) async throws -> Void
    ) async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let (client, clientSide) = try Peer.pair()
        let (server, serverSide) = try Peer.pair()
        let outcome = Box<RelayOutcome?>(nil)
        thread.post { worker in
            func leftover(_ text: String?) -> Buffer? {
                guard let text else { return nil }
                let buffer = worker.buffers.takeSmall()
                for byte in text.utf8 { buffer.append(byte) }
                return buffer
            }
            Relay.start(
                client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                fromClient: leftover(fromClient), fromServer: leftover(fromServer), idle: idle
            ) { outcome.set($0) }
        }
        do {
            try await body(Session(thread: thread, client: client, server: server, outcome: outcome))
        } catch {
            Issue.record(error)
        }
        // Whatever happened, nothing stays lent when a session is over.
        if outcome.value != nil { #expect(await thread.ask { $0.buffers.lent } == 0) }
        thread.post { $0.stop() }
        thread.join()
    }

    @Test func messagesBothWaysThenAnOrderlyEnd() async throws {
        try await withRelay { session in
            for round in 0..<50 {
                session.client.send("question \(round % 10)")
                #expect(session.server.text(10) == "question \(round % 10)")
                session.server.send("answer")
                #expect(session.client.text(6) == "answer")
            }
            session.client.endSending()
            #expect(session.server.receive() == .end)
            // Half-closed: the server may go on for as long as it likes.
            session.server.send("epilogue")
            #expect(session.client.text(8) == "epilogue")
            #expect(session.outcome.value == nil)
            session.server.endSending()
            #expect(session.client.receive() == .end)
            #expect(await eventually { session.outcome.value != nil })
            #expect(session.outcome.value?.reason == .ok)
            #expect(session.outcome.value?.toServer == 500)
            #expect(session.outcome.value?.toClient == 308)
        }
    }

    @Test func whatWasReadBeforeGoesFirst() async throws {
        try await withRelay(fromClient: "hello, ", fromServer: "220 ") { session in
            session.client.send("world")
            #expect(session.server.text(12) == "hello, world")
            session.server.send("ready")
            #expect(session.client.text(9) == "220 ready")
        }
    }

    @Test func bulkBothWaysAtOnceArrivesWhole() async throws {
        try await withRelay { session in
            let up = testPattern(24 << 20, seed: 1)
            let down = testPattern(17 << 20, seed: 2)
            let sentUp = Background {
                session.client.send(up)
                session.client.endSending()
            }
            let sentDown = Background {
                session.server.send(down)
                session.server.endSending()
            }
            let atServer = Background { session.server.receive(exactly: up.count + 1) }
            let isWholeDown = areSame(session.client.receive(exactly: down.count + 1), down)
            #expect(isWholeDown)
            let isWholeUp = areSame(await atServer.value, up)
            #expect(isWholeUp)
            _ = await (sentUp.value, sentDown.value)
            #expect(await eventually { session.outcome.value != nil })
            #expect(session.outcome.value?.reason == .ok)
            #expect(session.outcome.value?.toServer == UInt64(up.count))
            #expect(session.outcome.value?.toClient == UInt64(down.count))
        }
    }

    @Test func bulkAndSmallMessagesAlternate() async throws {
        try await withRelay { session in
            for round in 0..<12 {
                let size = round % 2 == 0 ? 3 << 20 : 40
                let bytes = testPattern(size, seed: UInt64(round))
                let sent = Background { session.server.send(bytes) }
                let isWhole = areSame(session.client.receive(exactly: size), bytes)
                #expect(isWhole)
                #expect(await sent.value)
                session.client.send("ok")
                #expect(session.server.text(2) == "ok")
            }
        }
    }

    @Test func aSlowReaderStopsItsWriter() async throws {
        try await withRelay { session in
            let sent = Box(0)
            let chunk = testPattern(1 << 20, seed: 3)
            let writer = Background {
                for _ in 0..<64 where session.server.send(chunk) { sent.change { $0 += chunk.count } }
            }
            // The client reads nothing: what sockets and one pipe hold is bounded, so the writer stands still.
            var last = -1
            _ = await eventually {
                try? await Task.sleep(for: .milliseconds(150))
                defer { last = sent.value }
                return sent.value == last && last > 0
            }
            #expect(sent.value < 64 << 20)
            var received = 0
            while received < 64 << 20, case .bytes(let bytes) = session.client.receive(atMost: 1 << 20) {
                received += bytes.count
            }
            #expect(received == 64 << 20)
            await writer.value
        }
    }

    @Test func aClientThatResetsIsPassedOnAsAReset() async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let outcome = Box<RelayOutcome?>(nil)
        let (server, serverSide) = try Peer.pair()
        do {
            let (client, clientSide) = try Peer.pair()
            thread.post { worker in
                Relay.start(
                    client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                    fromClient: nil, fromServer: nil, idle: .seconds(30)
                ) { outcome.set($0) }
            }
            client.send("x")
            #expect(server.text(1) == "x")
            client.resetOnClose()
        }
        #expect(server.receive() == .failed(104))
        #expect(await eventually { outcome.value?.reason == .clientGone })
        thread.post { $0.stop() }
        thread.join()
    }

    @Test func aServerThatResetsIsPassedOnAsAReset() async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let outcome = Box<RelayOutcome?>(nil)
        let (client, clientSide) = try Peer.pair()
        do {
            let (server, serverSide) = try Peer.pair()
            thread.post { worker in
                Relay.start(
                    client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                    fromClient: nil, fromServer: nil, idle: .seconds(30)
                ) { outcome.set($0) }
            }
            server.send("half an ans")
            #expect(client.text(11) == "half an ans")
            server.resetOnClose()
        }
        #expect(client.receive() == .failed(104))
        #expect(await eventually { outcome.value?.reason == .upstreamReset })
        thread.post { $0.stop() }
        thread.join()
    }

    @Test func silenceEndsTheSessionTrafficKeepsIt() async throws {
        try await withRelay(idle: .seconds(1)) { session in
            let echoes = Background {
                (0..<6).count { _ in
                    usleep(250_000)
                    session.client.send("x")
                    return session.server.text(1) == "x"
                }
            }
            #expect(await echoes.value == 6)
            #expect(session.client.receive() == .end)
            #expect(session.server.receive() == .end)
            #expect(await eventually { session.outcome.value?.reason == .idleTimeout })
        }
    }

    @Test func aClientThatLeavesInTheMiddleOfBulkHarmsNobody() async throws {
        // splice() into a broken connection raises a signal that would end the process.
        for _ in 0..<8 {
            let thread = try WorkerThread(index: 0, processor: nil) { _ in }
            let outcome = Box<RelayOutcome?>(nil)
            let (server, serverSide) = try Peer.pair()
            let writer: Background<Bool>
            do {
                let (client, clientSide) = try Peer.pair()
                thread.post { worker in
                    Relay.start(
                        client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                        fromClient: nil, fromServer: nil, idle: .seconds(30)
                    ) { outcome.set($0) }
                }
                writer = Background { server.send(testPattern(32 << 20)) }
                #expect(client.receive(exactly: 4 << 20).count == 4 << 20)
                client.resetOnClose()
            }
            #expect(await writer.value == false)
            #expect(await eventually { outcome.value?.reason == .clientGone })
            thread.post { $0.stop() }
            thread.join()
        }
    }

    @Test func aHalfClosedClientThatDiesIsNoticed() async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let outcome = Box<RelayOutcome?>(nil)
        let (server, serverSide) = try Peer.pair()
        do {
            let (client, clientSide) = try Peer.pair()
            thread.post { worker in
                Relay.start(
                    client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                    fromClient: nil, fromServer: nil, idle: .seconds(30)
                ) { outcome.set($0) }
            }
            client.endSending()
            #expect(server.receive() == .end)
            client.resetOnClose()
        }
        #expect(await eventually { outcome.value?.reason == .clientGone })
        thread.post { $0.stop() }
        thread.join()
    }

    @Test func closingCutsBothSides() async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let (client, clientSide) = try Peer.pair()
        let (server, serverSide) = try Peer.pair()
        let reason = await thread.ask { worker in
            var ended: Reason?
            let relay = Relay.start(
                client: Socket(clientSide, worker: worker), server: Socket(serverSide, worker: worker),
                fromClient: nil, fromServer: nil, idle: .seconds(30)
            ) { ended = $0.reason }
            relay.close(.draining)
            relay.close(.internal)
            return ended
        }
        #expect(reason == .draining)
        #expect(client.receive() == .failed(104))
        #expect(server.receive() == .failed(104))
        thread.post { $0.stop() }
        thread.join()
    }
}
