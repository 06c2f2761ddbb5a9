internal import AyaTLS
internal import Testing

/// Builds ClientHellos, right ones and wrong ones.
struct HelloBuilder {
    var legacyVersion: [UInt8] = [3, 3]
    var session: [UInt8] = Array(repeating: 7, count: 32)
    var suites: [UInt8] = [0x13, 0x01, 0x13, 0x02]
    var compressions: [UInt8] = [0]
    var extensions: [(UInt16, [UInt8])] = []
    var handshakeType: UInt8 = 1

    static func serverName(_ name: String) -> (UInt16, [UInt8]) {
        (0, vector(2, [0] + vector(2, Array(name.utf8))))
    }

    static func protocols(_ names: [String]) -> (UInt16, [UInt8]) {
        (16, vector(2, names.flatMap { vector(1, Array($0.utf8)) }))
    }

    static var versions: (UInt16, [UInt8]) { (43, vector(1, [3, 4, 3, 3])) }

    static func vector(_ lengthBytes: Int, _ content: [UInt8]) -> [UInt8] {
        (0..<lengthBytes).map { UInt8(truncatingIfNeeded: content.count >> (8 * (lengthBytes - 1 - $0))) } + content
    }

    var message: [UInt8] {
        var body = legacyVersion + Array(repeating: 9, count: 32)
        body += Self.vector(1, session) + Self.vector(2, suites) + Self.vector(1, compressions)
        if !extensions.isEmpty {
            body += Self.vector(
                2, extensions.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + Self.vector(2, $0.1) })
        }
        return [handshakeType] + Self.vector(3, body)
    }

    /// The message in records of at most `size` bytes.
    func records(size: Int = 16384) -> [UInt8] {
        let message = self.message
        return stride(from: 0, to: message.count, by: size).flatMap { start in
            [22, 3, 1] + Self.vector(2, Array(message[start..<min(start + size, message.count)]))
        }
    }
}

/// What the bytes begin with.
func parse(_ bytes: [UInt8]) -> ClientHello { ClientHello.parse(bytes.span) }

@Suite("ClientHello")
struct ClientHelloTests {
    static let usual = HelloBuilder(extensions: [
        (10, [0, 2, 0, 29]), HelloBuilder.serverName("Shop.example"), HelloBuilder.protocols(["h2", "http/1.1"]),
        HelloBuilder.versions,
    ])
    static let summary = ClientHello.Summary(
        serverName: Array("Shop.example".utf8), protocols: [Array("h2".utf8), Array("http/1.1".utf8)],
        offersTLS13: true)

    @Test("The usual one, in one record or in many", arguments: [16384, 200, 50, 7, 4, 3, 1])
    func usual(size: Int) {
        #expect(parse(Self.usual.records(size: size)) == .hello(Self.summary))
    }

    @Test("Cut at every byte it is incomplete, and what follows does not matter")
    func cuts() {
        let bytes = Self.usual.records(size: 40)
        for cut in 0..<bytes.count { #expect(parse(Array(bytes[..<cut])) == .incomplete) }
        #expect(parse(bytes + [23, 3, 3, 0, 1, 0]) == .hello(Self.summary))
    }

    @Test("Without name, protocols or any extension")
    func without() {
        let nothing = ClientHello.Summary(serverName: nil, protocols: [], offersTLS13: false)
        #expect(parse(HelloBuilder().records()) == .hello(nothing))
        #expect(parse(HelloBuilder(extensions: [(0x5a5a, [])]).records()) == .hello(nothing))
        #expect(parse(HelloBuilder(session: []).records()) == .hello(nothing))
    }

    @Test("Not TLS", arguments: ["GET / HTTP/1.1\r\n", "\u{16}\u{2}", "\u{80}", "SSH-2.0"])
    func notTLS(text: String) { #expect(parse(Array(text.utf8)) == .notTLS) }

    static let wrong: [(HelloBuilder, ClientHello.Fault)] = [
        (HelloBuilder(handshakeType: 2), .notClientHello),
        (HelloBuilder(legacyVersion: [2, 0]), .badStructure),
        (HelloBuilder(session: Array(repeating: 0, count: 33)), .badStructure),
        (HelloBuilder(suites: []), .badStructure),
        (HelloBuilder(suites: [0x13, 0x01, 0x13]), .badStructure),
        (HelloBuilder(compressions: []), .badStructure),
        (HelloBuilder(extensions: [HelloBuilder.serverName("a"), HelloBuilder.serverName("b")]), .repeatedExtension),
        (HelloBuilder(extensions: [(0, [])]), .badServerName),
        (HelloBuilder(extensions: [(0, [0, 0])]), .badServerName),
        (HelloBuilder(extensions: [HelloBuilder.serverName("")]), .badServerName),
        (HelloBuilder(extensions: [HelloBuilder.serverName("a\u{0}b")]), .badServerName),
        (HelloBuilder(extensions: [HelloBuilder.serverName("a/b")]), .badServerName),
        (HelloBuilder(extensions: [HelloBuilder.serverName("é.example")]), .badServerName),
        (HelloBuilder(extensions: [HelloBuilder.serverName(String(repeating: "a", count: 256))]), .badServerName),
        (HelloBuilder(extensions: [(0, [0, 4, 1, 0, 1, 97])]), .badServerName),
        (HelloBuilder(extensions: [(0, [0, 8, 0, 0, 1, 97, 0, 0, 1, 98])]), .badServerName),
        (HelloBuilder(extensions: [(0, [0, 5, 0, 0, 1, 97, 0])]), .badServerName),
        (HelloBuilder(extensions: [(16, [0, 1, 0])]), .badStructure),
        (HelloBuilder(extensions: [(16, [0, 3, 5, 104, 50])]), .badStructure),
        (HelloBuilder(extensions: [(16, [0, 0])]), .badStructure),
        (HelloBuilder(extensions: [(43, [3, 3, 4, 3])]), .badStructure),
        (HelloBuilder(extensions: [(21, Array(repeating: 0, count: 17000))]), .tooLong),
        (HelloBuilder(extensions: (0..<129).map { (UInt16(1000 + $0), []) }), .badStructure),
    ]

    @Test("Wrong ones", arguments: wrong.indices)
    func faults(index: Int) {
        let (builder, fault) = Self.wrong[index]
        #expect(parse(builder.records()) == .invalid(fault))
    }

    @Test("Wrong records")
    func records() {
        var bytes = Self.usual.records()
        #expect(parse((bytes.dropLast() + [0, 0])) != .incomplete)
        // The message ends before its record.
        var longer = bytes
        longer[4] &+= 1
        #expect(parse(longer + [0]) == .invalid(.badStructure))
        // An empty record, one of another type between two parts, one beyond 2^14.
        #expect(parse([22, 3, 1, 0, 0] as [UInt8]) == .invalid(.badRecord))
        let split = Self.usual.records(size: 100)
        var alert = split
        alert[105] = 21
        #expect(parse(alert) == .invalid(.badRecord))
        #expect(parse([22, 3, 1, 0x40, 1] as [UInt8]) == .invalid(.badRecord))
        // A vector that reaches beyond its end.
        bytes[43] = 255
        #expect(parse(bytes) == .invalid(.badStructure))
    }

    @Test("A message that never ends is refused at the limit")
    func endless() {
        let record: [UInt8] = [22, 3, 1, 0, 1]
        let start: [UInt8] = record + [1] + record + [0] + record + [0x3f] + record + [0xf0]
        let bytes = start + (0..<4000).flatMap { _ in record + [0] }
        #expect(parse(bytes) == .invalid(.tooLong))
    }

    @Test("Every fault says what it is")
    func details() { for fault in ClientHello.Fault.allCases { #expect(!"\(fault.detail)".isEmpty) } }
}
