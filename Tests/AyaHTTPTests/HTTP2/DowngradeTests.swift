internal import AyaCore
internal import AyaHTTP
internal import Testing

/// Heads of HTTP/2 as heads of HTTP/1.1 (RFC 9113 section 8).
@Suite("HTTP/2 messages (RFC 9113 section 8)")
struct DowngradeTests {
    static func plain(_ fields: [(String, String)]) -> FieldBlock {
        let out = Buffer(capacity: 1 << 16)
        for (name, value) in fields {
            out.append(0)
            for text in [name, value] {
                if text.utf8.count < 127 {
                    out.append(UInt8(text.utf8.count))
                } else {
                    let rest = text.utf8.count - 127
                    out.append(rest < 128 ? [0x7f, UInt8(rest)] : [0x7f, UInt8(rest & 127 | 128), UInt8(rest >> 7)])
                }
                out.append(Array(text.utf8))
            }
        }
        let block = FieldBlock()
        block.begin(limits: HTTP2Limits())
        let fault = HPACKDecoder().decode(bytes(out).span, into: block)
        #expect(fault == nil)
        return block
    }

    static let get = [(":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/x?y=1")]

    private func request(_ fields: [(String, String)], ends: Bool = true) -> String? {
        let out = Buffer(capacity: 1 << 16)
        switch RequestDowngrade.write(Self.plain(fields), endsHere: ends, to: out) {
        case .success: return String(decoding: bytes(out), as: UTF8.self)
        case .failure(let fault):
            #expect(fault.code == .protocolError)
            return nil
        }
    }

    private func response(_ fields: [(String, String)], ends: Bool = false, isHead: Bool = false) -> String? {
        let out = Buffer(capacity: 1 << 16)
        let result = ResponseDowngrade.write(
            Self.plain(fields), endsHere: ends, ResponseDowngrade.Context(isHead: isHead), to: out)
        guard case .success = result else { return nil }
        return String(decoding: bytes(out), as: UTF8.self)
    }

    @Test("8.3.1: a request becomes one of HTTP/1.1")
    func plainRequest() {
        #expect(
            request(Self.get + [("accept", "*/*")]) == "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\naccept: */*\r\n\r\n")
    }

    @Test("8.2.3: crumbs of cookies are joined")
    func cookies() {
        let text = request(Self.get + [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")])
        #expect(text == "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nx: y\r\nCookie: a=1; b=2\r\n\r\n")
    }

    @Test("8.1.1: a body of unknown length comes in chunks, one of known length as it is")
    func bodies() {
        #expect(request(Self.get, ends: false)?.hasSuffix("Transfer-Encoding: chunked\r\n\r\n") == true)
        #expect(request(Self.get + [("content-length", "5")], ends: false)?.hasSuffix("length: 5\r\n\r\n") == true)
        #expect(request(Self.get + [("content-length", "5")]) == nil)
        #expect(request(Self.get + [("content-length", "5"), ("content-length", "5")], ends: false) == nil)
        #expect(request(Self.get + [("content-length", "+5")], ends: false) == nil)
        #expect(request(Self.get + [("content-length", "99999999999999999999")], ends: false) == nil)
    }

    static let wrongPseudo: [[(String, String)]] = [
        [(":method", "GET"), (":scheme", "https"), (":path", "/"), (":x", "y")],
        get + [(":path", "/")],
        [("a", "b")] + get,
        Array(get.dropFirst()),
        get.filter { $0.0 != ":path" },
        get.filter { $0.0 != ":scheme" },
        get.map { $0.0 == ":path" ? (":path", "") : $0 },
        get + [(":status", "200")],
        get.map { $0.0 == ":path" ? (":path", "x") : $0 },
        get.map { $0.0 == ":path" ? (":path", "*") : $0 },
    ]

    @Test("8.3: pseudo-headers are known, once, first, and all there", arguments: wrongPseudo)
    func pseudoHeaders(fields: [(String, String)]) {
        #expect(request(fields) == nil)
    }

    @Test(
        "8.2.1: nothing that would end a line early, or be another name",
        arguments: [
            ("X", "y"), ("", "y"), ("a b", "y"), ("a:", "y"), ("a", " y"), ("a", "y "), ("a", "y\r\nb: c"),
            ("a", "y\n"),
            ("a", "y\0"), ("a\r\nb", "y"), ("a", "\ty"),
        ])
    func badFields(name: String, value: String) {
        #expect(request(Self.get + [(name, value)]) == nil)
        #expect(response([(":status", "200"), (name, value)]) == nil)
    }

    @Test(
        "8.2.2: nothing about a connection of HTTP/1",
        arguments: [
            ("connection", "close"), ("transfer-encoding", "chunked"), ("upgrade", "h2c"), ("keep-alive", "1"),
            ("proxy-connection", "close"), ("te", "gzip"),
        ])
    func connectionFields(name: String, value: String) {
        #expect(request(Self.get + [(name, value)]) == nil)
    }

    @Test("8.2.2: te may say trailers")
    func trailersAccepted() {
        #expect(request(Self.get + [("te", "trailers")])?.contains("te: trailers\r\n") == true)
    }

    @Test(
        "8.3.1: a path or method cannot smuggle a line",
        arguments: [
            (":path", "/ HTTP/1.1\r\nx: y"), (":path", "/a b"), (":method", "GET /"), (":method", "G(T"),
            (":authority", "a b"), (":authority", "a\r\nb"),
        ])
    func smuggling(name: String, value: String) {
        #expect(request(Self.get.map { $0.0 == name ? (name, value) : $0 }) == nil)
    }

    @Test("8.3.1: host and :authority agree, or one stands for both")
    func hosts() {
        #expect(request(Self.get + [("host", "A.example")])?.contains("Host: a.example\r\n") == true)
        #expect(request(Self.get + [("host", "b.example")]) == nil)
        let only = Self.get.filter { $0.0 != ":authority" } + [("host", "b.example")]
        #expect(request(only)?.contains("Host: b.example\r\n") == true)
    }

    @Test("8.5: CONNECT has an authority and no path")
    func connect() {
        #expect(
            request([(":method", "CONNECT"), (":authority", "a.example:443")], ends: false)?
                .hasPrefix("CONNECT a.example:443 HTTP/1.1\r\n") == true)
        #expect(request([(":method", "CONNECT"), (":authority", "a"), (":path", "/")]) == nil)
        #expect(request([(":method", "CONNECT")]) == nil)
    }

    @Test("RFC 8441: an extended CONNECT is a WebSocket's handshake")
    func webSocket() {
        let fields = [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/chat"),
            (":authority", "a.example"), ("sec-websocket-version", "13"),
        ]
        let text = request(fields, ends: false) ?? ""
        #expect(text.hasPrefix("GET /chat HTTP/1.1\r\nHost: a.example\r\nsec-websocket-version: 13\r\n"))
        #expect(
            text.contains(
                "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"))
        #expect(request(Self.get + [(":protocol", "websocket")]) == nil)
    }

    @Test(
        "8.3.2: a response has one :status, of three digits",
        arguments: [
            [("a", "b")], [(":status", "99")], [(":status", "200"), (":status", "200")], [(":status", "2x0")],
            [("a", "b"), (":status", "200")], [(":status", "200"), (":path", "/")], [(":status", "101")],
        ])
    func badResponses(fields: [(String, String)]) {
        #expect(response(fields) == nil)
    }

    @Test("A response becomes one of HTTP/1.1, with the end of its body in sight")
    func responses() {
        #expect(
            response([(":status", "200"), ("a", "b")])
                == "HTTP/1.1 200 OK\r\na: b\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(response([(":status", "200")], ends: true) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(response([(":status", "204")], ends: true) == "HTTP/1.1 204 No Content\r\n\r\n")
        #expect(
            response([(":status", "200"), ("content-length", "7")], ends: true, isHead: true)
                == "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n")
        #expect(response([(":status", "200"), ("content-length", "7")], ends: true) == nil)
        #expect(response([(":status", "103"), ("link", "x")]) == "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
    }
}
