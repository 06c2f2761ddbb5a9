internal import AyaHTTP
internal import Testing

@Suite("Request head")
struct RequestHeadTests {
    @Test("The plain request")
    func plain() throws {
        let view = try #require(parseRequest("GET /b/1024 HTTP/1.1\r\nHost: 127.0.0.1:18001\r\n\r\n").view)
        #expect(view.method == "GET")
        #expect(view.target == "/b/1024")
        #expect(view.path == "/b/1024")
        #expect(view.query == nil)
        #expect(view.form == .origin)
        #expect(view.authority == "127.0.0.1:18001")
        #expect(view.host == "127.0.0.1")
        #expect(view.minorVersion == 1)
        #expect(view.keepAlive)
        #expect(view.framing == .none)
        #expect(!view.pathNeedsNormalization)
        #expect(view.byteCount == 47)
        let host = FieldView(name: "Host", value: "127.0.0.1:18001", known: .host, isHopByHop: false)
        #expect(view.fields == [host])
    }

    @Test("Every byte at every place of a field's name and of a host is judged alike, however long the name")
    func bytesOfNames() throws {
        let token = Set("!#$%&'*+-.^_`|~".utf8)
        let host = Set("!$%&'()*+,-.;=_~".utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte
        }
        let length = 19
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
            for place in 0..<length {
                var name = Array("Abcdefghi-k.m0qrst9".utf8)
                name[place] = byte
                let field = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + name + Array(": v\r\n\r\n".utf8)
                #expect((parseRequest(field).view != nil) == (isAlphanumeric(byte) || token.contains(byte)))
                // White space at either end is none of the host's.
                if [0, length - 1].contains(place), byte == 0x20 || byte == 0x09 { continue }
                let head = Array("GET / HTTP/1.1\r\nHost: ".utf8) + name + Array("\r\n\r\n".utf8)
                #expect((parseRequest(head).view != nil) == (isAlphanumeric(byte) || host.contains(byte)))
            }
        }
    }

    @Test(
        "Targets",
        arguments: [
            ("GET / HTTP/1.1", TargetForm.origin, "/", nil as String?, "h"),
            ("GET /? HTTP/1.1", .origin, "/", "", "h"),
            ("GET /a?b=c?d HTTP/1.1", .origin, "/a", "b=c?d", "h"),
            ("GET //x HTTP/1.1", .origin, "//x", nil, "h"),
            ("GET http://other:81/p?q HTTP/1.1", .absolute, "/p", "q", "other:81"),
            ("GET HTTP://other HTTP/1.1", .absolute, "/", nil, "other"),
            ("GET https://other?q=/ HTTP/1.1", .absolute, "/", "q=/", "other"),
            ("GET http://[::1]:80/ HTTP/1.1", .absolute, "/", nil, "[::1]:80"),
            ("OPTIONS * HTTP/1.1", .asterisk, "*", nil, "h"),
            ("OPTIONS http://other HTTP/1.1", .asterisk, "/", nil, "other"),
            ("OPTIONS http://other/ HTTP/1.1", .absolute, "/", nil, "other"),
            ("CONNECT other:443 HTTP/1.1", .authority, "other:443", nil, "other:443"),
            ("GET /a|b\"{}^ HTTP/1.1", .origin, "/a|b\"{}^", nil, "h"),
        ])
    func targets(line: String, form: TargetForm, path: String, query: String?, authority: String) throws {
        let view = try #require(parseRequest(line + "\r\nHost: h\r\n\r\n").view)
        #expect(view.form == form)
        #expect(view.path == path)
        #expect(view.query == query)
        #expect(view.authority == authority)
    }

    @Test(
        "Paths that must be normalized before they are matched",
        arguments: [
            ("/a.b", false), ("/a/b..c", false), ("/a/.b", true), ("/../a", true), ("/a/%2e", true),
            ("/a?b=%20/.", false),
            ("/aaaaaaaaaaaaaaaa.html", false), ("/aaaaaaaaaaaaaaaa/..", true),
        ])
    func normalization(target: String, needed: Bool) throws {
        let view = try #require(parseRequest("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n").view)
        #expect(view.pathNeedsNormalization == needed)
    }

    @Test("Methods", arguments: Method.allCases)
    func methods(method: Method) throws {
        guard let name = method.name, method != .connect else { return }
        let head = RequestHead()
        let bytes = Array("\(name) / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        #expect(head.method == method)
    }

    @Test("Other tokens are methods too", arguments: ["get", "PROPFIND", "X", "M-SEARCH", "GETS", "!#$%&'*+-.^_`|~"])
    func otherMethods(name: String) {
        let head = RequestHead()
        let bytes = Array("\(name) / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        #expect(head.method == .other)
    }

    @Test(
        "Keep-alive",
        arguments: [
            ("1.1", "", true), ("1.0", "", false), ("1.1", "Connection: close\r\n", false),
            ("1.1", "Connection: CLOSE\r\n", false), ("1.0", "Connection: keep-alive\r\n", true),
            ("1.0", "Connection: Keep-Alive, close\r\n", false), ("1.1", "Connection: x, close\r\n", false),
            ("1.1", "Connection: x\r\nConnection: close\r\n", false), ("1.1", "Connection: closed\r\n", true),
            ("1.1", "Connection: \"close\"\r\n", true), ("1.0", "Proxy-Connection: keep-alive\r\n", false),
            ("1.1", "Connection: ,, close ,\r\n", false),
        ])
    func keepAlive(version: String, fields: String, expected: Bool) throws {
        let view = try #require(parseRequest("GET / HTTP/\(version)\r\nHost: h\r\n\(fields)\r\n").view)
        #expect(view.keepAlive == expected)
    }

    @Test(
        "Framing",
        arguments: [
            ("", BodyFraming.none), ("Content-Length: 0\r\n", .none), ("Content-Length: 12\r\n", .length(12)),
            ("content-length:\t007 \r\n", .length(7)), ("Transfer-Encoding: chunked\r\n", .chunked),
            ("transfer-encoding: CHUNKED\r\n", .chunked),
            ("Content-Length: 9223372036854775807\r\n", .length(UInt64(Int64.max))),
        ])
    func framing(fields: String, expected: BodyFraming) throws {
        let view = try #require(parseRequest("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n").view)
        #expect(view.framing == expected)
    }

    @Test("Values keep inner white space and bytes beyond ASCII, and lose the white space around them")
    func values() throws {
        let bytes: [UInt8] =
            Array("GET / HTTP/1.1\r\nHost:h\r\nA: \t x \t y \t\r\nB:\r\nC: ".utf8) + [0xff, 0x80]
            + Array("\r\n\r\n".utf8)
        let head = RequestHead()
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        #expect(text(head.fields[1].value, bytes) == "x \t y")
        #expect(head.fields[2].value.isEmpty)
        #expect(Array(bytes[head.fields[3].value.range]) == [0xff, 0x80])
    }

    @Test("Expect, TE and Upgrade")
    func options() throws {
        func view(_ fields: String, _ version: String = "1.1") throws -> RequestView {
            try #require(parseRequest("GET / HTTP/\(version)\r\nHost: h\r\n\(fields)\r\n").view)
        }
        #expect(try view("Expect: 100-Continue\r\n").expectsContinue)
        #expect(try !view("Expect: 100-continue\r\n", "1.0").expectsContinue)
        #expect(try view("TE: gzip, trailers\r\n").acceptsTrailers)
        #expect(try !view("TE: trailers;q=1\r\n").acceptsTrailers)
        #expect(try view("Connection: Upgrade\r\nUpgrade: websocket\r\n").upgrade == "websocket")
        #expect(try view("Upgrade: websocket\r\n").upgrade == nil)
        #expect(try view("Connection: upgrade\r\n").upgrade == nil)
        #expect(try view("Connection: upgrade\r\nUpgrade: websocket\r\n", "1.0").upgrade == nil)
    }

    @Test("Hop-by-hop fields: the fixed set, and what Connection names")
    func hopByHop() throws {
        let view = try #require(
            parseRequest(
                """
                GET / HTTP/1.1\r
                Host: h\r
                Connection: close, X-Foo, content-length, x-forwarded-for, cookie, Accept\r
                X-FOO: 1\r
                X-Food: 1\r
                Keep-Alive: timeout=5\r
                Proxy-Connection: close\r
                TE: trailers\r
                Upgrade: h2c\r
                Proxy-Authorization: x\r
                X-Forwarded-For: 1.2.3.4\r
                Cookie: a=b\r
                Content-Length: 0\r
                Accept: */*\r
                \r

                """
            ).view)
        let hop = view.fields.filter(\.isHopByHop).map(\.name)
        #expect(
            hop == [
                "Connection", "X-FOO", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade", "Proxy-Authorization",
                "Accept",
            ])
    }

    @Test("One empty line before the request line is skipped")
    func leadingEmptyLine() throws {
        let view = try #require(parseRequest("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").view)
        #expect(view.method == "GET")
        #expect(view.byteCount == 29)
        #expect(parseRequest("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").fault != nil)
    }

    @Test("Pipelined requests: each head ends where the next begins")
    func pipelined() {
        let one = Array("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        let two = Array("HEAD /2 HTTP/1.0\r\n\r\n".utf8)
        let bytes = one + two
        let head = RequestHead()
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        #expect(head.byteCount == one.count)
        // Asking again changes nothing.
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        head.reset()
        #expect(head.parse(bytes.span.extracting(one.count..<bytes.count), limits: HeadLimits()) == .complete)
        #expect(head.byteCount == two.count)
        #expect(head.method == .head)
        #expect(head.minorVersion == 0)
        #expect(head.authority.isEmpty)
    }

    @Test("Limits on the line, on the fields' bytes and on their number")
    func limits() {
        let head = "GET /aaaa HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"
        let exact = HeadLimits(requestLine: 20, headerCount: 2, headerBytes: 17)
        #expect(parseRequest(head, limits: exact).view != nil)
        #expect(parseRequest(head, limits: HeadLimits(requestLine: 19)).fault == .targetTooLong)
        #expect(parseRequest(head, limits: HeadLimits(headerCount: 1)).fault == .tooManyFields)
        for bytes in 0..<17 {
            #expect(parseRequest(head, limits: HeadLimits(headerBytes: bytes)).fault == .headersTooLarge)
        }
        // A peer that never ends its line is refused as soon as the limit is passed.
        #expect(parseRequest(String(repeating: "A", count: 8192)) == .incomplete)
        #expect(parseRequest(String(repeating: "A", count: 8193)).fault == .targetTooLong)
        #expect(parseRequest("GET / HTTP/1.1\r\nA:" + String(repeating: "A", count: 40000)).fault == .headersTooLarge)
    }

    @Test(
        "Cut at every byte, or arriving byte by byte, a head means the same",
        arguments: [
            "GET /b/1024 HTTP/1.1\r\nHost: 127.0.0.1:18001\r\n\r\n",
            "\r\nPOST /a/./b%20?x=y&z HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 5\r\nConnection: x-a, close\r\nX-A: \r\n\r\n",
            "OPTIONS http://a.example:80?q HTTP/1.0\r\nHOST:\tb\t\r\nUser-Agent: Mozilla/5.0 (X11; Linux)\r\nTE:trailers\r\n\r\n",
        ])
    func split(text: String) {
        let bytes = Array(text.utf8)
        let whole = parseRequest(bytes)
        #expect(whole.view?.byteCount == bytes.count)
        for cut in 0...bytes.count {
            #expect(parseRequest(bytes, cuts: [cut]) == whole)
            #expect(cut == bytes.count || parseRequest(Array(bytes[..<cut])) == .incomplete)
        }
        #expect(parseRequest(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test("Every known name is recognised in any case, and nothing near it")
    func names() {
        for name in FieldName.allCases where name != .other {
            let lower = Array("\(name.name)".utf8)
            #expect(FieldName(lower.span) == name)
            #expect(FieldName(Array("\(name.name)".uppercased().utf8).span) == name)
            for index in lower.indices {
                for bit in 0..<8 where !(bit == 5 && lower[index] >= 97) {
                    var wrong = lower
                    wrong[index] ^= 1 << UInt8(bit)
                    #expect(FieldName(wrong.span) != name)
                }
            }
        }
    }
}
