internal import AyaCore
internal import AyaProxy
internal import Foundation
internal import Testing

private let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
private let v4: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 1, 187]

private func parse(_ bytes: [UInt8]) -> ProxyProtocol { ProxyProtocol.parse(bytes.span) }
private func parse(_ text: String) -> ProxyProtocol { parse(Array(text.utf8)) }

private func binary(_ command: UInt8, _ family: UInt8, _ content: [UInt8]) -> [UInt8] {
    signature + [command, family, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
}

private func header(_ source: String?, _ destination: String?, _ count: Int, isLocal: Bool = false) -> ProxyProtocol {
    .header(
        source: source.flatMap { SocketAddress($0) }, destination: destination.flatMap { SocketAddress($0) },
        byteCount: count, isLocal: isLocal)
}

@Suite("PROXY protocol")
struct ProxyProtocolTests {
    @Test("Version 1")
    func lines() {
        let line = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"
        #expect(parse(line + "GET /") == header("192.0.2.1:56324", "192.0.2.2:443", line.utf8.count))
        #expect(
            parse("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n") == header("[2001:db8::1]:0", "[::1]:65535", 36))
        #expect(parse("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n") == header("192.0.2.1:1", "[::1]:2", 37))
        #expect(parse("PROXY UNKNOWN\r\n") == header(nil, nil, 15))
        #expect(parse("PROXY UNKNOWN ffff::1 nonsense  \r\nX") == header(nil, nil, 34))
        let longest = "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n"
        #expect(parse(longest) == header(nil, nil, 107))
    }

    @Test(
        "Wrong lines",
        arguments: [
            "PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 1\r\n",
            "PROXY TCP4  192.0.2.1 192.0.2.2 56324 443\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 \r\n",
            "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY TCP5 ::1 ::1 1 2\r\n",
            "PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n",
            "PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n",
            "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "PROXY TCP4 192.0.2.1\t192.0.2.2 1 2\r\n", "PROXY \r\n",
            "PROXY UNKNOWN\rX", "PROXY UNKNOWN \u{0}\r\n", "PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
        ])
    func wrongLines(text: String) { #expect(parse(text) == .invalid(.badLine)) }

    @Test("A line without end is refused at 107 bytes")
    func endless() {
        let start = "PROXY UNKNOWN " + String(repeating: "x", count: 92)
        #expect(parse(start) == .invalid(.lineTooLong))
        #expect(parse(start + "\r\n") == .invalid(.lineTooLong))
        #expect(parse(String(start.dropLast())) == .incomplete)
    }

    @Test("Version 2")
    func headers() {
        #expect(parse(binary(0x21, 0x11, v4) + [1, 2]) == header("192.0.2.1:1", "192.0.2.2:443", 28))
        let v6: [UInt8] = [0x20, 1] + Array(repeating: 0, count: 29) + [1, 0, 1, 1, 187]
        #expect(parse(binary(0x21, 0x21, v6)) == header("[2001::]:1", "[::1]:443", 52))
        #expect(parse(binary(0x20, 0x00, [])) == header(nil, nil, 16, isLocal: true))
        #expect(parse(binary(0x20, 0x11, v4)) == header(nil, nil, 28, isLocal: true))
        #expect(parse(binary(0x20, 0x11, [])) == header(nil, nil, 16, isLocal: true))
        #expect(parse(binary(0x21, 0x00, [1, 2, 3])) == header(nil, nil, 19))
        #expect(parse(binary(0x21, 0x31, Array(repeating: 0, count: 216))) == header(nil, nil, 232))
        #expect(parse(binary(0x21, 0x11, v4 + [4, 0, 0, 5, 0, 2, 1, 2])) == header("192.0.2.1:1", "192.0.2.2:443", 36))
    }

    @Test("Wrong headers")
    func wrongHeaders() {
        #expect(parse(binary(0x22, 0x11, v4)) == .invalid(.badVersion))
        #expect(parse(binary(0x11, 0x11, v4)) == .invalid(.badVersion))
        #expect(parse(binary(0x21, 0x41, v4)) == .invalid(.badFamily))
        #expect(parse(binary(0x21, 0x13, v4)) == .invalid(.badFamily))
        #expect(parse(binary(0x21, 0x11, v4.dropLast())) == .invalid(.addressesTooShort))
        #expect(parse(binary(0x21, 0x21, v4)) == .invalid(.addressesTooShort))
        #expect(parse(binary(0x21, 0x31, v4)) == .invalid(.addressesTooShort))
        #expect(parse(binary(0x21, 0x11, v4 + [4])) == .invalid(.badExtension))
        #expect(parse(binary(0x21, 0x11, v4 + [4, 0, 1])) == .invalid(.badExtension))
        #expect(parse(binary(0x21, 0x11, v4 + [3, 0, 2, 1, 2])) == .invalid(.badExtension))
        #expect(parse(signature + [0x21, 0x11, 0xff, 0xff]) == .invalid(.tooLong))
    }

    @Test("The checksum, when there is one, is checked over the whole header")
    func checksum() {
        // Computed with another implementation of CRC-32C.
        let content = v4 + [4, 0, 2, 104, 105, 3, 0, 4, 0xfd, 0x62, 0x6e, 0x15]
        #expect(parse(binary(0x21, 0x11, content)) == header("192.0.2.1:1", "192.0.2.2:443", 40))
        for index in content.indices where index < 12 || index == 15 || index == 16 || index > 19 {
            var wrong = content
            wrong[index] ^= 1
            #expect(parse(binary(0x21, 0x11, wrong)) == .invalid(.wrongChecksum))
        }
    }

    @Test(
        "Neither", arguments: ["GET / HTTP/1.1\r\n", "POST", "PRI * HTTP/2.0", "\r\nGET", "\r\n\r\nX", "\u{16}\u{3}"])
    func absent(text: String) { #expect(parse(text) == .absent) }

    @Test("Cut at every byte it is incomplete")
    func cuts() {
        for bytes in [Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".utf8), binary(0x21, 0x11, v4)] {
            for cut in 0..<bytes.count { #expect(parse(Array(bytes[..<cut])) == .incomplete) }
        }
    }

    @Test(
        "Written and read again",
        arguments: [
            ("192.0.2.1:1", "192.0.2.2:65535"), ("[2001:db8::1]:0", "[::1]:80"), ("192.0.2.1:1", "[::1]:80"),
            ("[::1]:1", "192.0.2.2:2"),
        ])
    func roundTrip(source: String, destination: String) {
        let first = Buffer(capacity: 128)
        ProxyProtocol.writeV1(source: SocketAddress(source), destination: SocketAddress(destination), to: first)
        #expect(unsafe parse(Array(first.unread)) == header(source, destination, first.count))
        let second = Buffer(capacity: 128)
        ProxyProtocol.writeV2(source: SocketAddress(source), destination: SocketAddress(destination), to: second)
        #expect(unsafe parse(Array(second.unread)) == header(source, destination, second.count))
    }

    @Test("Written without addresses, and as a connection of our own")
    func unknown() {
        let out = Buffer(capacity: 128)
        ProxyProtocol.writeV1(source: nil, destination: SocketAddress("192.0.2.1:1"), to: out)
        #expect(unsafe Array(out.unread) == Array("PROXY UNKNOWN\r\n".utf8))
        out.clear()
        ProxyProtocol.writeV2(source: SocketAddress("192.0.2.1:1"), destination: nil, to: out)
        #expect(unsafe parse(Array(out.unread)) == header(nil, nil, 16))
        let local = Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [0x20, 0, 0, 0]
        #expect(parse(local) == header(nil, nil, 16, isLocal: true))
    }

    @Test("Replays what fuzzing found")
    func corpus() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzz/Corpus/proxy-protocol")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            ProxyProtocolChecks.bytes(Array(try Data(contentsOf: directory.appending(path: name))))
        }
    }

    @Test("Every fault says what it is")
    func details() { for fault in ProxyProtocol.Fault.allCases { #expect(!"\(fault.detail)".isEmpty) } }
}
