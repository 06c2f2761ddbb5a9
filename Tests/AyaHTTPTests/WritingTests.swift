internal import AyaCore
internal import AyaHTTP
internal import Foundation
internal import Testing

private func written(_ write: (Buffer) -> Void) -> String {
    let out = Buffer(capacity: 4096)
    write(out)
    return unsafe String(decoding: out.unread, as: UTF8.self)
}

@Suite("Writing")
struct WritingTests {
    @Test(
        "Dates",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (.min, "Mon, 01 Jan 0001 00:00:00 GMT"),
        ] as [(Int64, String)])
    func dates(seconds: Int64, text: String) {
        #expect(written { HTTPDate(unixSeconds: seconds).write(to: $0) } == text)
    }

    @Test("Dates agree with the system's calendar")
    func calendar() {
        var random = RandomSource(seed: 1)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        for _ in 0..<500 {
            let seconds = Int64.random(in: 0...4_200_000_000, using: &random)
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let text = written { HTTPDate(unixSeconds: seconds).write(to: $0) }
            let day = calendar.component(.day, from: date)
            let start = days[calendar.component(.weekday, from: date) - 1] + (day < 10 ? ", 0\(day) " : ", \(day) ")
            #expect(text.hasPrefix(start))
            #expect(text.contains(" \(calendar.component(.year, from: date)) "))
        }
    }

    @Test("Chunk headers", arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (4096, "1000"), (65535, "ffff")])
    func chunkHeaders(count: Int, text: String) {
        #expect(written { $0.appendChunkHeader(count) } == text + "\r\n")
    }

    @Test("A chunk of nothing would end the body, so it is not written")
    func emptyChunk() { #expect(written { $0.appendChunkHeader(0) }.isEmpty) }

    @Test("Trailers pass, but for those that would speak about framing, routing or authentication")
    func trailers() {
        let section =
            "Grpc-Status: 0\r\nContent-Length: 5\r\nX-A:  b \r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
            + "authorization: x\r\nSet-Cookie: y\r\nConnection: close\r\nETag: \"z\"\r\n"
        let text = written { $0.appendLastChunk(trailers: Array(section.utf8).span) }
        #expect(text == "0\r\nGrpc-Status: 0\r\nX-A: b\r\nETag: \"z\"\r\n\r\n")
        #expect(written { $0.appendLastChunk(trailers: [UInt8]().span) } == "0\r\n\r\n")
        #expect(written { $0.appendLastChunk() } == "0\r\n\r\n")
    }

    @Test("Chunks written are chunks read")
    func roundTrip() {
        let out = Buffer(capacity: 4096)
        var payload: [UInt8] = []
        for size in [1, 9, 10, 17, 300] {
            let piece = Array(repeating: UInt8(truncatingIfNeeded: size), count: size)
            out.appendChunkHeader(size)
            out.append(piece)
            out.append("\r\n")
            payload += piece
        }
        out.appendLastChunk()
        let view = decodeChunked(unsafe Array(out.unread))
        #expect(view.isDone)
        #expect(view.payload == payload)
    }

    @Test("Fields")
    func fields() {
        #expect(written { $0.appendField(name: "Age", value: 7 as UInt64) } == "Age: 7\r\n")
        #expect(written { $0.appendField(name: "Via", value: "1.1 aya") } == "Via: 1.1 aya\r\n")
        let name = Array("X".utf8)
        #expect(written { $0.appendField(name: name.span, value: [UInt8]().span) } == "X: \r\n")
    }

    @Test("Problems are valid JSON that says what they say")
    func problems() throws {
        let problem = ProblemDetails(
            status: 503, title: "The \"queue\"\n\u{1}\u{1f} is\\full €", detail: "a \"detail\"", code: "queue_full",
            blame: "aya", idHigh: 0x0123_4567_89ab_cdef, idLow: 1)
        let text = written { problem.write(to: $0) }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["title"] as? String == problem.title)
        #expect(json["detail"] as? String == "a \"detail\"")
        #expect(json["status"] as? Int == 503)
        #expect(json["type"] as? String == "urn:aya:reason:queue_full")
        #expect(json["code"] as? String == "queue_full")
        #expect(json["blame"] as? String == "aya")
        #expect(json["instance"] as? String == "0123456789abcdef0000000000000001")
        var silent = problem
        silent.detail = nil
        silent.blame = ""
        let other = try JSONSerialization.jsonObject(with: Data(written { silent.write(to: $0) }.utf8))
        #expect((other as? [String: Any])?.keys.sorted() == ["code", "instance", "status", "title", "type"])
        #expect(written { problem.writeText(to: $0) }.hasPrefix("503 Service Unavailable\nThe \"queue\""))
    }

    @Test("Any bytes become valid JSON")
    func repairing() throws {
        var random = RandomSource(seed: 3)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let text = written {
                $0.append("[\"")
                $0.appendJSON(repairing: bytes.span)
                $0.append("\"]")
            }
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String]
            #expect(json == [String(decoding: bytes, as: UTF8.self)])
        }
    }

    @Test("Phrases")
    func phrases() {
        #expect("\(HTTPStatus.phrase(200))" == "OK")
        #expect("\(HTTPStatus.phrase(504))" == "Gateway Timeout")
        #expect("\(HTTPStatus.phrase(299))".isEmpty)
    }
}
