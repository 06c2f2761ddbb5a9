internal import AyaHTTP
internal import Testing

@Suite("Response head")
struct ResponseHeadTests {
    @Test("The plain response")
    func plain() throws {
        let head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 1024\r\nConnection: keep-alive\r\n\r\n"
        let view = try #require(parseResponse(head).view)
        #expect(view.status == 200)
        #expect(view.reason == "OK")
        #expect(view.framing == .length(1024))
        #expect(view.keepAlive)
        #expect(!view.isInterim)
        #expect(view.fields.map(\.isHopByHop) == [false, false, true])
        #expect(view.byteCount == head.utf8.count)
    }

    @Test(
        "Status lines",
        arguments: [
            ("HTTP/1.1 200 OK", 200, "OK", 1), ("HTTP/1.0 404 Not Found", 404, "Not Found", 0),
            ("HTTP/1.1 200 ", 200, "", 1), ("HTTP/1.1 200", 200, "", 1), ("HTTP/1.1 599 \u{e9}\t", 599, "\u{e9}\t", 1),
            ("HTTP/1.1 100 Continue", 100, "Continue", 1),
        ] as [(String, Int, String, UInt8)])
    func statusLines(line: String, status: Int, reason: String, minor: UInt8) throws {
        let view = try #require(parseResponse(line + "\r\nContent-Length: 0\r\n\r\n").view)
        #expect(view.status == status)
        #expect(view.reason == reason)
        #expect(view.minorVersion == minor)
    }

    @Test(
        "Bad status lines",
        arguments: [
            ("HTTP/1.1 200\n", MessageFault.bareLineFeed), ("HTTP/1.1 20\r\n\r\n", .badStatus),
            ("HTTP/1.1 2000 OK\r\n", .badStatus), ("HTTP/1.1 600 OK\r\n", .badStatus),
            ("HTTP/1.1 099 OK\r\n", .badStatus),
            ("HTTP/1.1 +20 OK\r\n", .badStatus), ("HTTP/1.1  200 OK\r\n", .badStatus),
            ("HTTP/1.1 200\tOK\r\n", .badStatus),
            ("HTTP/1.1\t200 OK\r\n", .badStatus), ("HTTP/2.0 200 OK\r\n", .unsupportedVersion),
            ("HTTP/1.2 200 OK\r\n", .unsupportedVersion), ("HTTP/0.9 200 OK\r\n", .unsupportedVersion),
            ("http/1.1 200 OK\r\n", .badVersion), ("ICY 200 OK\r\n\r\n", .badVersion),
            (" HTTP/1.1 200 OK", .badVersion),
            ("\r\nHTTP/1.1 200 OK\r\n", .badVersion), ("HTTP/1.1 200 O\u{0}K\r\n", .badStatus),
            ("HTTP/1.1 200 OK\rX\r\n", .bareCarriageReturn), ("HTTP/1.1 200 OK\n\r\n", .bareLineFeed),
            ("HTTP/1.1 200 O\u{7f}K\r\n", .badStatus), ("HTTP/11 200 OK\r\n", .badVersion),
        ])
    func badStatusLines(bytes: String, fault: MessageFault) { #expect(parseResponse(bytes).fault == fault) }

    @Test(
        "Where a body is, and whether the connection survives it",
        arguments: [
            ("200", "Content-Length: 5\r\n", Method.get, BodyFraming.length(5), true),
            ("200", "Transfer-Encoding: chunked\r\n", .get, .chunked, true),
            ("200", "", .get, .untilClose, false),
            ("200", "Content-Length: 0\r\n", .get, .none, true),
            ("200", "Content-Length: 5\r\n", .head, .none, true),
            ("200", "Transfer-Encoding: chunked\r\n", .head, .none, true),
            ("200", "", .head, .none, true),
            ("304", "Content-Length: 5\r\n", .get, .none, true),
            ("204", "", .get, .none, true),
            ("204", "Content-Length: 0\r\n", .get, .none, true),
            ("204", "Content-Length: 5\r\n", .get, .none, false),
            ("204", "Transfer-Encoding: chunked\r\n", .get, .none, false),
            ("100", "", .get, .none, true),
            ("101", "Connection: upgrade\r\nUpgrade: websocket\r\n", .get, .none, true),
            ("200", "Content-Length: 5\r\nConnection: close\r\n", .get, .length(5), false),
        ])
    func framing(status: String, fields: String, method: Method, framing: BodyFraming, keepAlive: Bool) throws {
        let view = try #require(parseResponse("HTTP/1.1 \(status) x\r\n\(fields)\r\n", method: method).view)
        #expect(view.framing == framing)
        #expect(view.keepAlive == keepAlive)
        #expect(view.isInterim == (status == "100"))
    }

    @Test("HTTP/1.0 servers")
    func oldVersion() throws {
        func view(_ fields: String) throws -> ResponseView {
            try #require(parseResponse("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\(fields)\r\n").view)
        }
        #expect(try !view("").keepAlive)
        #expect(try view("Connection: keep-alive\r\n").keepAlive)
    }

    @Test(
        "Contradictions about the body",
        arguments: [
            ("200", "Content-Length: 5\r\nContent-Length: 5\r\n", MessageFault.repeatedContentLength),
            ("200", "Content-Length: 5, 5\r\n", .badContentLength),
            ("200", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", .lengthAndTransferEncoding),
            ("200", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", .lengthAndTransferEncoding),
            ("200", "Transfer-Encoding: gzip, chunked\r\n", .unsupportedTransferCoding),
            ("200", "Transfer-Encoding: gzip\r\n", .unsupportedTransferCoding),
            ("100", "Content-Length: 5\r\n", .bodyWhereNoneMayBe),
            ("101", "Transfer-Encoding: chunked\r\n", .bodyWhereNoneMayBe),
            ("200", "X: a\r\n b\r\n", .foldedLine),
        ])
    func contradictions(status: String, fields: String, fault: MessageFault) {
        #expect(parseResponse("HTTP/1.1 \(status) x\r\n\(fields)\r\n").fault == fault)
    }

    @Test("Chunked from HTTP/1.0") func chunkedInOldVersion() {
        let head = "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parseResponse(head).fault == .transferEncodingInOldVersion)
    }

    @Test(
        "Cut at every byte a head means the same",
        arguments: [
            "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 3\r\nX: \r\n\r\n",
            "HTTP/1.0 302\r\nLocation: /x\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
        ])
    func split(text: String) {
        let bytes = Array(text.utf8)
        let whole = parseResponse(bytes)
        #expect(whole.view?.byteCount == bytes.count)
        for cut in 0..<bytes.count {
            #expect(parseResponse(bytes, cuts: [cut]) == whole)
            #expect(parseResponse(Array(bytes[..<cut])) == .incomplete)
        }
        #expect(parseResponse(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test("A status line beyond the limit")
    func limit() {
        let long = "HTTP/1.1 200 " + String(repeating: "x", count: 9000)
        #expect(parseResponse(long).fault == .statusLineTooLong)
    }
}
