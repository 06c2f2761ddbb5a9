internal import AyaCore
internal import AyaHTTP
internal import Testing

@Suite("gRPC: types, deadlines, statuses")
struct GRPCTests {
    @Test(
        "Content types",
        arguments: [
            ("application/grpc", .plain), ("Application/gRPC+proto", .plain), ("application/grpc;x=y", .plain),
            ("application/grpc-web", .web), ("application/grpc-web+json", .web),
            ("application/grpc-web-text", .webText), ("application/grpc-web-text+proto", .webText),
            ("application/grpcx", .none), ("application/grpc-webx", .none), ("application/grpc-web-texts", .none),
            ("application/grp", .none), ("", .none), ("text/html", .none),
        ] as [(String, GRPCKind)])
    func types(text: String, kind: GRPCKind) {
        #expect(GRPCKind(contentType: Array(text.utf8).span) == kind)
    }

    @Test(
        "Deadlines",
        arguments: [
            ("1S", 1_000_000_000), ("100m", 100_000_000), ("7u", 7_000), ("12345678n", 12_345_678),
            ("2M", 120_000_000_000), ("1H", 3_600_000_000_000), ("99999999H", 365 * 24 * 3_600_000_000_000),
            ("123456789S", nil), ("S", nil), ("1", nil), ("1s", nil), ("-1S", nil), ("", nil),
        ] as [(String, Int64?)])
    func deadlines(text: String, nanoseconds: Int64?) {
        #expect(GRPCTimeout.parse(Array(text.utf8).span)?.nanoseconds == nanoseconds)
    }

    @Test(
        "Statuses",
        arguments: [
            ("0", .ok), ("14", .unavailable), ("16", .unauthenticated), ("17", .unknown), ("", .unknown),
            ("x", .unknown), ("007", .unknown), ("99999999999", .unknown),
        ] as [(String, GRPCStatus)])
    func statuses(text: String, status: GRPCStatus) {
        #expect(GRPCStatus(decimal: Array(text.utf8).span) == status)
    }

    @Test("The status among trailers")
    func trailers() {
        #expect(Array("x: y\r\nGrpc-Status: 5\r\n".utf8).span.grpcStatus == .notFound)
        #expect(Array("x: y\r\n".utf8).span.grpcStatus == nil)
    }

    @Test("RFC 6455 section 1.3: the proof that a handshake was read")
    func accept() {
        let line = WebSocketAccept.field(key: Array("dGhlIHNhbXBsZSBub25jZQ==".utf8).span)
        #expect(String(decoding: line, as: UTF8.self) == "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
    }

    @Test("Base64 in pieces, each with padding of its own or none")
    func base64() {
        var random = RandomSource(seed: 1)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = Buffer(capacity: 300)
            let middle = length / 2
            Base64Stream.encode(Array(bytes[..<middle]).span, into: text)
            Base64Stream.encode(Array(bytes[middle...]).span, into: text)
            let whole = unsafe Array(text.unread)
            let out = Buffer(capacity: 300)
            var stream = Base64Stream()
            for start in stride(from: 0, to: whole.count, by: 5) {
                let isGood = stream.decode(Array(whole[start..<min(start + 5, whole.count)]).span, into: out)
                #expect(isGood)
            }
            #expect(stream.isWhole)
            #expect(unsafe Array(out.unread) == bytes)
        }
    }

    @Test("What is no base64", arguments: ["A", "AB", "ABC", "A===", "====", "AB=C", "AB!D", "A B "])
    func badBase64(text: String) {
        var stream = Base64Stream()
        let isGood = stream.decode(Array(text.utf8).span, into: Buffer(capacity: 16))
        #expect(!isGood || !stream.isWhole)
    }
}
