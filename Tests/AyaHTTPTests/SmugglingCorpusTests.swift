internal import AyaHTTP
internal import Testing

/// Messages that two parsers could read differently, collected from what is known to have worked against somebody.
/// Each must be refused with its fault, at once or cut anywhere.
@Suite("Request smuggling")
struct SmugglingCorpusTests {
    /// Complete heads; `¶` stands for CRLF so that the cases can be read.
    static let heads: [(String, MessageFault)] = [
        // Both lengths (CL.TE, TE.CL).
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 6¶Transfer-Encoding: chunked¶¶", .lengthAndTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked¶Content-Length: 6¶¶", .lengthAndTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked¶Content-Length: 0¶¶", .lengthAndTransferEncoding),
        // Transfer codings (TE.TE).
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked¶Transfer-Encoding: chunked¶¶", .repeatedTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked¶Transfer-Encoding: identity¶¶", .repeatedTransferEncoding),
        (
            "POST / HTTP/1.1¶Host: h¶Transfer-Encoding: identity¶Transfer-Encoding: chunked¶¶",
            .unsupportedTransferCoding
        ),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: xchunked¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunkedx¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: identity¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: gzip, chunked¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked, gzip¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked, chunked¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked, identity¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked,¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: ,chunked¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked;q=1¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked foo¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: \"chunked\"¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: 'chunked'¶¶", .unsupportedTransferCoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding:¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: ¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: \u{b}chunked¶¶", .badFieldValue),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked\u{c}¶¶", .badFieldValue),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chun\u{0}ked¶¶", .badFieldValue),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding: chunked\u{a0}¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding : chunked¶¶", .spaceBeforeColon),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding\t: chunked¶¶", .spaceBeforeColon),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding\u{0}: chunked¶¶", .badFieldName),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding\u{b}: chunked¶¶", .badFieldName),
        ("POST / HTTP/1.1¶Host: h¶Transfer\rEncoding: chunked¶¶", .missingColon),
        ("POST / HTTP/1.1¶Host: h¶ Transfer-Encoding: chunked¶¶", .foldedLine),
        ("POST / HTTP/1.1¶Host: h¶\tTransfer-Encoding: chunked¶¶", .foldedLine),
        ("POST / HTTP/1.1¶Host: h¶Transfer-Encoding:¶ chunked¶¶", .badTransferEncoding),
        ("POST / HTTP/1.1¶Host: h¶X: x¶ Transfer-Encoding: chunked¶¶", .foldedLine),
        ("POST / HTTP/1.1¶Host: h¶X: x\nTransfer-Encoding: chunked¶¶", .bareLineFeed),
        ("POST / HTTP/1.1¶Host: h¶X: x\rTransfer-Encoding: chunked¶¶", .bareCarriageReturn),
        ("POST / HTTP/1.1¶Host: h¶X: x\r\rTransfer-Encoding: chunked¶¶", .bareCarriageReturn),
        ("POST / HTTP/1.0¶Host: h¶Transfer-Encoding: chunked¶¶", .transferEncodingInOldVersion),
        ("POST / HTTP/1.0¶Connection: keep-alive¶Transfer-Encoding: chunked¶¶", .transferEncodingInOldVersion),
        // Content lengths.
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5¶Content-Length: 6¶¶", .repeatedContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5¶content-length: 5¶¶", .repeatedContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5, 5¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5,6¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: +5¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: -5¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 0x5¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5 6¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5.0¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5e1¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 1_0¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: \"5\"¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length:¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: ٥¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 9223372036854775808¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 18446744073709551621¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 00000000000000000005¶¶", .badContentLength),
        ("POST / HTTP/1.1¶Host: h¶Content-Length : 5¶¶", .spaceBeforeColon),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5\u{0}¶¶", .badFieldValue),
        ("POST / HTTP/1.1¶Host: h¶Content-Length: 5¶ 6¶¶", .foldedLine),
        ("POST / HTTP/1.1¶Host: h¶Content Length: 5¶¶", .badFieldName),
        ("POST / HTTP/1.1¶ Content-Length: 5¶Host: h¶¶", .foldedLine),
        // Lines.
        ("GET / HTTP/1.1\nHost: h\n\n", .bareLineFeed),
        ("GET / HTTP/1.1¶Host: h\n¶", .bareLineFeed),
        ("GET / HTTP/1.1¶Host: h¶\n", .bareLineFeed),
        ("GET / HTTP/1.1¶Host: h¶\rX", .bareCarriageReturn),
        ("GET / HTTP/1.1\rHost: h¶¶", .bareCarriageReturn),
        ("GET / HTTP/1.1¶\rHost: h¶¶", .bareCarriageReturn),
        ("\nGET / HTTP/1.1¶Host: h¶¶", .bareLineFeed),
        ("\rGET / HTTP/1.1¶Host: h¶¶", .bareCarriageReturn),
        ("¶¶GET / HTTP/1.1¶Host: h¶¶", .badMethod),
        (" GET / HTTP/1.1¶Host: h¶¶", .badMethod),
        ("\u{0}GET / HTTP/1.1¶Host: h¶¶", .controlByte),
        ("GET / HTTP/1.1¶Host: h¶X¶¶", .missingColon),
        ("GET / HTTP/1.1¶Host: h¶: x¶¶", .emptyFieldName),
        ("GET / HTTP/1.1¶Host: h¶X[]: x¶¶", .badFieldName),
        ("GET / HTTP/1.1¶Host: h¶X\u{e9}: x¶¶", .badFieldName),
        ("GET / HTTP/1.1¶Host: h¶X(y): x¶¶", .badFieldName),
        ("GET / HTTP/1.1¶Host: h¶X: \u{7f}¶¶", .badFieldValue),
        ("GET / HTTP/1.1¶Host: h¶X: \u{1b}[2J¶¶", .badFieldValue),
        ("GET / HTTP/1.1¶Host: h¶\u{0}: x¶¶", .controlByte),
        // The request line.
        ("GET  / HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET /  HTTP/1.1¶Host: h¶¶", .badVersion),
        ("GET\t/ HTTP/1.1¶Host: h¶¶", .badMethod),
        ("GET /\tHTTP/1.1¶Host: h¶¶", .badTargetByte),
        ("GET / HTTP/1.1 ¶Host: h¶¶", .badVersion),
        ("GET / x HTTP/1.1¶Host: h¶¶", .badVersion),
        ("GET /\u{0} HTTP/1.1¶Host: h¶¶", .badTargetByte),
        ("GET /\u{e9} HTTP/1.1¶Host: h¶¶", .badTargetByte),
        ("GET /?\u{7f} HTTP/1.1¶Host: h¶¶", .badTargetByte),
        ("GET /#x HTTP/1.1¶Host: h¶¶", .fragmentInTarget),
        ("GET /?a#x HTTP/1.1¶Host: h¶¶", .fragmentInTarget),
        ("GET /¶Host: h¶¶", .missingVersion),
        ("GET¶Host: h¶¶", .badMethod),
        ("G(T / HTTP/1.1¶Host: h¶¶", .badMethod),
        ("GET x HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET * HTTP/1.1¶Host: h¶¶", .badTarget),
        ("OPTIONS *x HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET ?x HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET h:80 HTTP/1.1¶Host: h¶¶", .badTarget),
        ("CONNECT / HTTP/1.1¶Host: h¶¶", .badTarget),
        ("CONNECT h HTTP/1.1¶Host: h¶¶", .badTarget),
        ("CONNECT h: HTTP/1.1¶Host: h¶¶", .badTarget),
        ("CONNECT http://h/ HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET ftp://h/ HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET http:/h HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET http:///x HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET http://u@h/ HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET http://h:99999/ HTTP/1.1¶Host: h¶¶", .badTarget),
        ("GET http://h\\x/ HTTP/1.1¶Host: h¶¶", .badTarget),
        // Versions.
        ("GET / HTTP/2.0¶Host: h¶¶", .unsupportedVersion),
        ("GET / HTTP/1.2¶Host: h¶¶", .unsupportedVersion),
        ("GET / HTTP/0.9¶Host: h¶¶", .unsupportedVersion),
        ("PRI * HTTP/2.0¶¶SM¶¶", .badTarget),
        ("GET / HTTP/1.10¶Host: h¶¶", .badVersion),
        ("GET / HTTP/11¶Host: h¶¶", .badVersion),
        ("GET / HTTP/1,1¶Host: h¶¶", .badVersion),
        ("GET / http/1.1¶Host: h¶¶", .badVersion),
        ("GET / HTTPS/1.1¶Host: h¶¶", .badVersion),
        ("GET / HTTP/¶¶", .badVersion),
        ("GET / ¶Host: h¶¶", .badVersion),
        // Hosts.
        ("GET / HTTP/1.1¶¶", .missingHost),
        ("GET http://h/ HTTP/1.1¶¶", .missingHost),
        ("GET / HTTP/1.1¶Host: a¶Host: b¶¶", .repeatedHost),
        ("GET / HTTP/1.1¶Host: a¶HOST: a¶¶", .repeatedHost),
        ("GET / HTTP/1.0¶Host: a¶Host: a¶¶", .repeatedHost),
        ("GET / HTTP/1.1¶Host:¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a, b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a/b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: u@a¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a?b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a#b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a\\b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a:b¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a:80:80¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a:65536¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a:-1¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: :80¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: ::1¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: [::1¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: []¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: [a]¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: [::1]x¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: [fe80::1%25eth0]¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: h\u{e9}¶¶", .badHost),
        ("GET / HTTP/1.1¶Host: a:000000080¶¶", .badHost),
    ]

    @Test("Refused with its fault, whole or cut anywhere", arguments: heads)
    func refused(text: String, fault: MessageFault) {
        let bytes = Array(text.replacing("¶", with: "\r\n").utf8)
        #expect(parseRequest(bytes).fault == fault)
        for cut in 0..<bytes.count { #expect(parseRequest(bytes, cuts: [cut]).fault == fault) }
        #expect(parseRequest(bytes, cuts: Array(0..<bytes.count)).fault == fault)
    }

    @Test("Too many connection options")
    func connectionOptions() {
        let options = (0..<33).map { "x\($0)" }.joined(separator: ", ")
        let head = "GET / HTTP/1.1\r\nHost: h\r\nConnection: \(options)\r\n\r\n"
        #expect(parseRequest(head).fault == .tooManyConnectionOptions)
    }

    @Test("Every fault says what it is and has a client error or a 50x that names the limit of what is spoken")
    func faults() {
        for fault in MessageFault.allCases {
            #expect([400, 414, 431, 501, 505].contains(fault.status))
            #expect(!"\(fault.detail)".isEmpty)
        }
    }
}
