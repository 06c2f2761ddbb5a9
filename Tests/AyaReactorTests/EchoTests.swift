internal import AyaCore
internal import AyaReactor
internal import AyaTestSupport
internal import Glibc
internal import Testing

/// Real sockets against a worker that sends back what it reads.
struct EchoTests {
    private final class Echo: Waiter {
        let socket: Socket
        let patience: Interval

        init(_ descriptor: Int32, worker: Worker, patience: Interval) {
            socket = Socket(descriptor, worker: worker)
            self.patience = patience
            super.init(worker: worker)
            socket.waiter = self
            setDeadline(worker.now + patience)
        }

        override func parkedTimeout() { socket.close() }

        override func serve() async {
            let buffer = worker.buffers.takeSmall()
            defer { worker.buffers.give(buffer) }
            while true {
                buffer.clear()
                switch socket.receive(into: buffer) {
                case .bytes: break
                case .wouldBlock: return park(until: worker.now + patience)
                case .end, .failed:
                    socket.endSending()
                    return socket.close()
                }
                while !buffer.isEmpty {
                    switch socket.send(from: buffer) {
                    case .bytes: break
                    case .wouldBlock: guard await wait(until: worker.now + patience) else { return socket.reset() }
                    case .end, .failed: return socket.reset()
                    }
                }
            }
        }
    }

    private final class Acceptor: ConnectionAcceptor {
        let listener: ListeningSocket
        let patience: Interval
        let peers: Box<[SocketAddress?]>

        init(_ listener: ListeningSocket, patience: Interval, peers: Box<[SocketAddress?]>) {
            self.listener = listener
            self.patience = patience
            self.peers = peers
            listener.acceptor = self
        }

        func connectionsWait() {
            while true {
                switch listener.accept() {
                case .connection(let descriptor, let peer):
                    peers.change { $0.append(peer) }
                    _ = Echo(descriptor, worker: listener.worker, patience: patience)
                case .aborted: continue
                case .none, .failed: return
                }
            }
        }
    }

    // Safe: filled and used on the worker's thread alone.
    private final class Confined: @unchecked Sendable {
        var listener: ListeningSocket?
    }

    private func withEcho(
        _ endpoint: BoundEndpoint, patience: Interval = .seconds(10),
        _ body: (SocketAddress?, Box<[SocketAddress?]>) async throws -> Void
    ) async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let peers = Box<[SocketAddress?]>([])
        let confined = Confined()
        let address = await thread.ask { worker -> Result<SocketAddress?, SystemError> in
            do throws(SystemError) {
                let descriptor = try endpoint.listen()
                let listener = ListeningSocket(descriptor, worker: worker)
                confined.listener = listener
                _ = Acceptor(listener, patience: patience, peers: peers)
                return .success(BoundEndpoint.local(descriptor))
            } catch { return .failure(error) }
        }
        do {
            try await body(address.get(), peers)
        } catch {
            Issue.record(error)
        }
        thread.post { worker in
            confined.listener?.close()
            worker.stop()
        }
        thread.join()
    }

    private static func any(_ ip: IPAddress) -> BoundEndpoint { .address(SocketAddress(ip: ip, port: 0)) }
    private static let loopbackV6 = IPAddress(v6High: 0, low: 1)

    @Test func echoesOverIPv4() async throws {
        try await withEcho(Self.any(.loopback)) { address, peers in
            let peer = try Peer(to: #require(address))
            for size in [1, 4096, 4097, 300_000] {
                let bytes = testPattern(size)
                let sent = Background { peer.send(bytes) }
                let received = peer.receive(exactly: size)
                let isWhole = areSame(received, bytes)
                #expect(isWhole)
                #expect(await sent.value)
            }
            #expect(peers.value == [peer.localAddress])
        }
    }

    @Test func echoesOverIPv6() async throws {
        try await withEcho(Self.any(Self.loopbackV6)) { address, peers in
            let peer = try Peer(to: #require(address))
            peer.send("six")
            #expect(peer.text(3) == "six")
            #expect(peers.value == [peer.localAddress])
        }
    }

    @Test func theUnspecifiedIPv6AddressTakesBothFamilies() async throws {
        try await withEcho(Self.any(.anyV6)) { address, peers in
            let port = try #require(address).port
            for ip in [IPAddress.loopback, Self.loopbackV6] {
                let peer = try Peer(to: SocketAddress(ip: ip, port: port))
                peer.send("both")
                #expect(peer.text(4) == "both")
                #expect(peers.value.last == peer.localAddress, "IPv4 clients show with their IPv4 address")
            }
        }
    }

    @Test(arguments: ["@aya-echo-\(getpid())", "/tmp/aya-echo-\(getpid()).sock"])
    func echoesOverUnixSockets(path: String) async throws {
        for _ in 0..<2 {
            // The second time a path finds the file that the first left behind.
            try await withEcho(.unix(path: path)) { address, peers in
                #expect(address == nil)
                let peer = try Peer(toUnix: path)
                peer.send("local")
                #expect(peer.text(5) == "local")
                #expect(peers.value == [nil])
            }
        }
        _ = unsafe unlink(path)
    }

    @Test func anAddressInUseIsAnError() async throws {
        try await withEcho(.unix(path: "@aya-taken-\(getpid())")) { _, _ in
            #expect(throws: SystemError.self) { try BoundEndpoint.unix(path: "@aya-taken-\(getpid())").listen() }
        }
        #expect(throws: SystemError.self) { try BoundEndpoint.unix(path: String(repeating: "x", count: 200)).listen() }
        #expect(throws: SystemError.self) {
            try BoundEndpoint.address(SocketAddress(ip: IPAddress(v4: 0xc000_0201), port: 9)).listen()
        }
    }

    @Test func whatCameBeforeTheEndIsEchoed() async throws {
        try await withEcho(Self.any(.loopback)) { address, _ in
            let peer = try Peer(to: #require(address))
            peer.send("last words")
            peer.endSending()
            #expect(peer.text(10) == "last words")
            #expect(peer.receive() == .end)
        }
    }

    @Test func aResetFromTheClientHarmsNobodyElse() async throws {
        try await withEcho(Self.any(.loopback)) { address, _ in
            let address = try #require(address)
            for _ in 0..<20 {
                let rude = try Peer(to: address)
                rude.send("x")
                rude.resetOnClose()
            }
            let peer = try Peer(to: address)
            peer.send("still here")
            #expect(peer.text(10) == "still here")
        }
    }

    @Test func silenceEndsAtTheDeadline() async throws {
        try await withEcho(Self.any(.loopback), patience: .milliseconds(60)) { address, _ in
            let clock = ContinuousClock()
            let peer = try Peer(to: #require(address))
            peer.send("a")
            #expect(peer.text(1) == "a")
            let start = clock.now
            #expect(peer.receive() == .end)
            #expect(clock.now - start > .milliseconds(40))
        }
    }

    @Test func manyConnectionsAtOnce() async throws {
        try await withEcho(Self.any(.loopback)) { address, _ in
            let address = try #require(address)
            let peers = try (0..<200).map { _ in try Peer(to: address) }
            for (index, peer) in peers.enumerated() { peer.send("hello \(index)") }
            for (index, peer) in peers.enumerated() { #expect(peer.text("hello \(index)".count) == "hello \(index)") }
        }
    }
}
