internal import AyaHTTP
internal import Testing

@Suite("Chunked decoder")
struct ChunkedDecoderTests {
    @Test(
        "Bodies",
        arguments: [
            ("0\r\n\r\n", "", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello", ""),
            ("5\r\nhello\r\n6\r\n world\r\n000\r\n\r\n", "hello world", ""),
            ("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789", ""),
            ("5;a\r\nhello\r\n0;b=c;d=\"e;\\\"\"\r\n\r\n", "hello", ""),
            ("5 ; a = \"b\" ; c\r\nhello\r\n0\r\n\r\n", "hello", ""),
            ("0000000000000005\r\nhello\r\n0\r\n\r\n", "hello", ""),
            ("0\r\nX: y\r\nZ:\r\n\r\n", "", "X: y\r\nZ:\r\n"),
        ])
    func bodies(bytes: String, payload: String, trailers: String) {
        let view = decodeChunked(bytes)
        #expect(view.fault == nil)
        #expect(view.isDone)
        #expect(String(decoding: view.payload, as: UTF8.self) == payload)
        #expect(view.trailers == trailers)
        #expect(view.consumed == bytes.utf8.count)
    }

    @Test(
        "Faults",
        arguments: [
            ("\r\n", MessageFault.badChunkSize), ("x\r\n", .badChunkSize), (" 5\r\nhello", .badChunkSize),
            ("-1\r\n", .badChunkSize), ("+5\r\n", .badChunkSize), ("0x5\r\n", .badChunkExtension),
            ("5\nhello", .bareLineFeed),
            ("\n", .bareLineFeed), ("5\rhello", .bareCarriageReturn), ("5 \r\nhello", .badChunkExtension),
            ("5_0\r\n", .badChunkExtension), ("5,5\r\n", .badChunkExtension), ("5;\r\nhello", .badChunkExtension),
            ("5;a=\r\nhello", .badChunkExtension), ("5;a b\r\n", .badChunkExtension), ("5;a\nhello", .bareLineFeed),
            ("5;a=\"b\nhello", .bareLineFeed), ("5;a=\"\r\nhello", .badChunkExtension),
            ("5;a=\"b\"c\r\n", .badChunkExtension),
            ("5;a \r\n", .badChunkExtension), ("5;=a\r\n", .badChunkExtension), ("5;a=b=c\r\n", .badChunkExtension),
            ("5;a\u{0}\r\n", .badChunkExtension), ("5\r\nhelloX\r\n", .badChunkEnd),
            ("5\r\nhello\n0\r\n\r\n", .badChunkEnd),
            ("5\r\nhello\rX", .badChunkEnd), ("5\r\nhello0\r\n\r\n", .badChunkEnd),
            ("10000000000000000\r\n", .chunkTooLarge), ("8000000000000000\r\n", .chunkTooLarge),
            ("FFFFFFFFFFFFFFFF\r\n", .chunkTooLarge), ("00000000000000005\r\n", .chunkTooLarge),
            ("0\r\n\n", .bareLineFeed), ("0\r\nX\r\n\r\n", .missingColon), ("0\r\n x: y\r\n\r\n", .foldedLine),
            ("0\r\nX : y\r\n\r\n", .spaceBeforeColon), ("0\r\n: y\r\n\r\n", .emptyFieldName),
            ("0\r\nX: y\n\r\n", .bareLineFeed), ("0\r\n\rX", .bareCarriageReturn),
            ("0\r\nX: \u{1}\r\n\r\n", .badFieldValue),
        ])
    func faults(bytes: String, fault: MessageFault) {
        #expect(decodeChunked(bytes).fault == fault)
        #expect(decodeChunked(bytes, cuts: Array(0..<bytes.utf8.count)).fault == fault)
    }

    @Test("Cut at every byte, a body means the same and ends at the same byte")
    func split() {
        let body = "5;x=\"y\"\r\nhello\r\n10\r\n0123456789abcdef\r\n0;z\r\nT: 1\r\nU: 2\r\n\r\n"
        let bytes = Array((body + "GET / HTTP/1.1\r\n").utf8)
        let whole = decodeChunked(bytes)
        #expect(whole.isDone)
        #expect(whole.consumed == body.utf8.count)
        #expect(whole.trailers == "T: 1\r\nU: 2\r\n")
        for cut in 0..<bytes.count { #expect(decodeChunked(bytes, cuts: [cut]) == whole) }
        #expect(decodeChunked(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test("Extensions and trailers are bounded, and payload makes up for extensions")
    func bounds() {
        let long = String(repeating: "e", count: 5000)
        #expect(decodeChunked("5;\(long)\r\nhello\r\n0\r\n\r\n").fault == .chunkExtensionsTooLong)
        let spread = String(repeating: "1;" + String(repeating: "e", count: 50) + "\r\nx\r\n", count: 200)
        #expect(decodeChunked(spread).fault == .chunkExtensionsTooLong)
        let chunk = "800;" + String(repeating: "e", count: 50) + "\r\n" + String(repeating: "x", count: 0x800) + "\r\n"
        #expect(decodeChunked(String(repeating: chunk, count: 200) + "0\r\n\r\n").isDone)
        #expect(decodeChunked("0\r\n" + String(repeating: "a: b\r\n", count: 65) + "\r\n").fault == .trailersTooLarge)
        #expect(decodeChunked("0\r\na: " + String(repeating: "b", count: 9000)).fault == .trailersTooLarge)
    }

    @Test("A huge chunk is taken as it comes")
    func hugeChunk() {
        var decoder = ChunkedDecoder()
        let start = Array("7fffffffffffffff\r\nabc".utf8)
        var offset = 0
        #expect(decoder.next(start.span, at: &offset) == .data(18..<21))
        #expect(decoder.remainingInChunk == UInt64(Int64.max) - 3)
        #expect(decoder.next(start.span, at: &offset) == .needMore)
    }
}
