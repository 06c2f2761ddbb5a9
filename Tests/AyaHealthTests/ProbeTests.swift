internal import AyaCore
internal import AyaHealth
internal import AyaReactor
internal import AyaTestSupport
internal import Testing

/// Every kind of probe against a server that is well, and against those that are not.
struct ProbeTests {
    /// A server that takes one connection and does `body` with it.
    private func serve(_ body: @escaping @Sendable (Peer) -> Void) throws -> BoundEndpoint {
        let listener = try PeerListener()
        _ = Background { if let peer = try? listener.accept() { body(peer) } }
        return .address(listener.address)
    }

    /// A server of one answer, closed behind it, to whatever comes.
    private func answer(_ text: String) throws -> BoundEndpoint {
        try serve { peer in
            _ = peer.receive()
            peer.send(text)
        }
    }

    private func nobody() throws -> BoundEndpoint { .address(try PeerListener().address) }

    private func http(
        _ endpoint: BoundEndpoint, method: String = "GET", statuses: [ClosedRange<Int>] = [200...399],
        body: String? = nil, patience: Interval = .seconds(5)
    ) async throws -> String? {
        try await ask(patience: patience) {
            HTTPProbe(HTTPInquiry(endpoint, method: method, path: "/healthz"), statuses: statuses, body: body)
        }
    }

    // MARK: TCP

    @Test func tcpConnects() async throws {
        let listener = try PeerListener()
        let endpoint = BoundEndpoint.address(listener.address)
        #expect(try await ask { TCPProbe(endpoint) } == nil)
    }

    @Test func tcpRefused() async throws {
        let endpoint = try nobody()
        #expect(try await ask { TCPProbe(endpoint) } == "connection refused")
    }

    @Test func tcpSendsAndExpects() async throws {
        let good = try serve { peer in if peer.text(6) == "PING\r\n" { peer.send("+PONG\r\n") } }
        #expect(try await ask { TCPProbe(good, send: "PING\r\n", expect: "PONG") } == nil)
        let inPieces = try serve { peer in
            peer.send("220 mail.exam")
            _ = peer.receive(atMost: 1)
            peer.send("ple ready\r\n")
        }
        #expect(try await ask { TCPProbe(inPieces, send: "x", expect: "example") } == nil)
        let wrong = try answer("-ERR\r\n")
        #expect(try await ask { TCPProbe(wrong, send: "PING\r\n", expect: "PONG") } == "the answer lacks 'PONG'")
        let closing = try serve { _ in }
        #expect(
            try await ask { TCPProbe(closing, expect: "220") } == "the connection was closed without an answer")
    }

    @Test func tcpGivesUpInTime() async throws {
        let silent = try serve { peer in _ = peer.receive() }
        #expect(try await ask(patience: .milliseconds(50)) { TCPProbe(silent, expect: "220") } == "no answer in time")
    }

    // MARK: HTTP

    @Test func httpStatus() async throws {
        #expect(try await http(answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) == nil)
        #expect(try await http(answer("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")) == "status 503")
        #expect(try await http(answer("HTTP/1.1 503 Busy\r\n\r\n"), statuses: [200...299, 503...503]) == nil)
        #expect(
            try await http(answer("HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 204 None\r\n\r\n"), statuses: [204...204]) == nil)
        #expect(try await http(answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), method: "HEAD") == nil)
    }

    @Test func httpRequest() async throws {
        let request = Box("")
        let endpoint = try serve { peer in
            if case .bytes(let bytes) = peer.receive() { request.set(String(decoding: bytes, as: UTF8.self)) }
            peer.send("HTTP/1.1 200 OK\r\n\r\n")
        }
        let answer = try await ask {
            HTTPProbe(
                HTTPInquiry(endpoint, path: "/ready?x=1", host: "api.internal", headers: [("x-probe", "1")]))
        }
        #expect(answer == nil)
        #expect(
            request.value
                == "GET /ready?x=1 HTTP/1.1\r\nHost: api.internal\r\nUser-Agent: aya-health\r\nConnection: close\r\n"
                + "x-probe: 1\r\n\r\n")
    }

    @Test func httpBody() async throws {
        let length = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n"
        #expect(try await http(answer(length + #"{"status":"up"}"#), body: #""up""#) == nil)
        #expect(try await http(answer(length + #"{"status":"no"}"#), body: #""up""#) == #"the body lacks '"up"'"#)
        #expect(try await http(answer(length + "{"), body: "{") == "the answer was cut short")
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhea\r\n4\r\nlthy\r\n0\r\n\r\n"
        #expect(try await http(answer(chunked), body: "healthy") == nil)
        #expect(try await http(answer("HTTP/1.1 200 OK\r\n\r\nall healthy"), body: "healthy") == nil)
    }

    @Test func httpNonsense() async throws {
        #expect(try await http(answer("SSH-2.0-OpenSSH\r\n")) == "the answer is not HTTP")
        #expect(try await http(serve { _ = $0.receive() }) == "the connection was closed without an answer")
        #expect(try await http(nobody()) == "connection refused")
        let silent = try serve { peer in
            _ = peer.receive()
            _ = peer.receive()
        }
        #expect(try await http(silent, patience: .milliseconds(50)) == "no answer in time")
    }

    // MARK: UDP

    @Test func udp() async throws {
        let server = try Peer(datagramsTo: nil)
        let address = try #require(server.localAddress)
        _ = Background { server.echo() }
        #expect(try await ask { UDPProbe(address, send: "health", expect: "alt") } == nil)
        _ = Background { server.echo() }
        #expect(
            try await ask(patience: .milliseconds(100)) { UDPProbe(address, send: "sick", expect: "alt") }
                == "the answer lacks 'alt'")
        #expect(
            try await ask(patience: .milliseconds(100)) { UDPProbe(address, send: "x", expect: "y") }
                == "no answer in time")
        #expect(try await ask(patience: .milliseconds(100)) { UDPProbe(address, send: "x") } == nil)
    }

    @Test func udpRefused() async throws {
        let address = try #require(Peer(datagramsTo: nil).localAddress)
        #expect(try await ask { UDPProbe(address, send: "x") } == "connection refused")
        #expect(try await ask { UDPProbe(address, send: "x", expect: "y") } == "connection refused")
    }

    // MARK: ICMP

    @Test(.enabled(if: EchoProbe.obstacle() == nil), arguments: ["127.0.0.1", "::1"])
    func echo(host: String) async throws {
        let ip = try #require(IPAddress(host))
        #expect(try await ask { EchoProbe(SocketAddress(ip: ip, port: 80)) } == nil)
    }

    // MARK: commands

    private func command(_ words: [String], patience: Interval = .seconds(5)) async throws -> String? {
        let endpoint = BoundEndpoint.address(SocketAddress(ip: .loopback, port: 9001))
        return try await ask(patience: patience) {
            CommandProbe(words, pool: "api", server: "db:9001", endpoint: endpoint)
        }
    }

    @Test func commands() async throws {
        #expect(try await command(["true"]) == nil)
        #expect(try await command(["false"]) == "exit status 1")
        #expect(try await command(["sh", "-c", "echo replication lags; echo more; exit 3"]) == "replication lags")
        #expect(try await command(["sh", "-c", "echo to error >&2; exit 3"]) == "to error")
        #expect(try await command(["sh", "-c", "kill -9 $$"]) == "the command was killed by signal 9")
        #expect(
            try await command(["/no/such/program"])
                == "can not run '/no/such/program': no such file or directory")
        let told = try await command([
            "sh", "-c", "echo $AYA_POOL $AYA_SERVER $AYA_SERVER_ADDRESS $AYA_SERVER_PORT; exit 1",
        ])
        #expect(told == "api db:9001 127.0.0.1 9001")
    }

    @Test func commandsAreKilledInTimeWithWhatTheyStarted() async throws {
        #expect(
            try await command(["sh", "-c", "sleep 60 & wait"], patience: .milliseconds(100))
                == "the command did not end in time")
    }

    @Test func commandsMayWriteALot() async throws {
        #expect(try await command(["sh", "-c", "yes | head -c 1000000; exit 0"]) == nil)
    }
}
