internal import AyaCore
internal import AyaHTTP
internal import Testing

/// The rules of RFC 9113 on a client's end, by section.
@Suite("HTTP/2 sessions towards servers (RFC 9113)")
struct HTTP2ClientSessionTests {
    private let peer = SessionUnderTest(isServer: false)

    /// A request without a body, or with one to come.
    private func begin(_ peer: SessionUnderTest, ends: Bool = true) -> HTTP2Stream? {
        guard let stream = peer.session.open() else { return nil }
        let head = SessionUnderTest.head
        peer.session.sendHead(stream, head.span, ends: ends, peer.out)
        _ = peer.frames()
        return stream
    }

    /// `:status: 200`, or `103`.
    private static let final = hex("88")
    private static let interim = hex("0803 313033")

    /// Feeds it as `feed` does, without accepting heads.
    private func events(_ type: FrameType, _ flags: FrameFlags, _ stream: UInt32, _ payload: [UInt8]) -> [HTTP2Event] {
        let bytes = FrameDice.frame(type, flags, stream, payload)
        var offset = 0
        var events: [HTTP2Event] = []
        while true {
            let event = peer.session.next(bytes.span, at: &offset, peer.out)
            if case .needMore = event { return events }
            events.append(event)
            if case .failed = event { return events }
        }
    }

    @Test("3.4: the server's first frame is SETTINGS")
    func preface() {
        let other = SessionUnderTest(isServer: false, handshake: false)
        #expect(other.greeting.first?.type == FrameType.settings.rawValue)
        other.send(.ping, stream: 0, Array(repeating: 0, count: 8))
        #expect(other.goAwayCode == .protocolError)
    }

    @Test("5.1: nothing comes on streams that nobody has begun", arguments: [FrameType.headers, .data, .resetStream])
    func idle(type: FrameType) {
        peer.send(type, .endHeaders, stream: 1, type == .headers ? Self.final : [0, 0, 0, 1])
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test("5.1.1, 8.4: a server begins no streams, by HEADERS or by PUSH_PROMISE")
    func pushes() {
        peer.send(.headers, .endHeaders, stream: 2, Self.final)
        #expect(peer.goAwayCode == .protocolError)
        let other = SessionUnderTest(isServer: false)
        _ = begin(other)
        other.send(.pushPromise, .endHeaders, stream: 1, [0, 0, 0, 2] + SessionUnderTest.head)
        #expect(other.goAwayCode == .protocolError)
    }

    @Test("5.1.2: no more streams at once than the server bears, and more when one has ended")
    func concurrency() {
        peer.send(.settings, stream: 0, [0, 3, 0, 0, 0, 1])
        let first = begin(peer)
        #expect(first?.id == 1)
        #expect(peer.session.open() == nil)
        peer.send(.headers, [.endHeaders, .endStream], stream: 1, Self.final)
        #expect(begin(peer)?.id == 3)
    }

    @Test("6.5.2, 7: a server does not ask for pushes, nor takes extended CONNECT back", arguments: [2, 8])
    func settings(identifier: UInt8) {
        if identifier == 8 { peer.send(.settings, stream: 0, [0, 8, 0, 0, 0, 1]) }
        #expect(!peer.session.hasFailed)
        peer.send(.settings, stream: 0, [0, identifier, 0, 0, 0, identifier == 2 ? 1 : 0])
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test("6.8: after a GOAWAY nothing begins, and what was begun goes on")
    func goAway() {
        let stream = begin(peer, ends: false)
        peer.send(.goAway, stream: 0, [0, 0, 0, 1, 0, 0, 0, 0])
        #expect(peer.session.open() == nil && !peer.session.hasFailed)
        peer.send(.headers, [.endHeaders], stream: 1, Self.final)
        peer.send(.data, .endStream, stream: 1, [1, 2])
        #expect(stream?.hasEnded == true && stream?.isEnded == false)
    }

    @Test("8.1: interim heads, one final head, a body, trailers")
    func order() {
        guard let stream = begin(peer) else { return #expect(Bool(false), "no stream") }
        for _ in 0..<2 {
            guard case .head? = events(.headers, .endHeaders, 1, Self.interim).first else {
                return #expect(Bool(false), "no interim head")
            }
            peer.session.accept(stream, length: nil, isFinal: false)
        }
        _ = events(.headers, .endHeaders, 1, Self.final)
        peer.session.accept(stream, length: 2, isFinal: true)
        guard case .data? = events(.data, [], 1, [1, 2]).first,
            case .trailers? = events(.headers, [.endHeaders, .endStream], 1, hex("0001 61 0162")).first
        else { return #expect(Bool(false), "no body or trailers") }
        #expect(stream.isClosed && peer.session.streamCount == 0)
    }

    @Test("8.1: no body comes before a final head")
    func bodyFirst() {
        guard let stream = begin(peer) else { return #expect(Bool(false), "no stream") }
        _ = events(.headers, .endHeaders, 1, Self.interim)
        peer.session.accept(stream, length: nil, isFinal: false)
        _ = events(.data, [], 1, [1])
        #expect(peer.resetCode == .protocolError)
    }

    @Test("8.1.1: the body is as long as announced")
    func lengths() {
        guard let stream = begin(peer) else { return #expect(Bool(false), "no stream") }
        _ = events(.headers, .endHeaders, 1, Self.final)
        peer.session.accept(stream, length: 3, isFinal: true)
        _ = events(.data, .endStream, 1, [1, 2])
        #expect(peer.resetCode == .protocolError)
    }

    @Test("5.1, 5.4.2: an answer to what was given up is no fault, and stays in step")
    func givenUp() {
        guard let first = begin(peer), begin(peer) != nil else { return #expect(Bool(false), "no stream") }
        peer.session.reset(first, .cancel, peer.out)
        // The head of the stream that is gone puts a field into the table that the other's head refers to.
        peer.send(.headers, .endHeaders, stream: 1, Self.final + hex("4003 782d61 0162"))
        peer.send(.data, .endStream, stream: 1, [1, 2, 3])
        peer.send(.headers, [.endHeaders, .endStream], stream: 3, Self.final + hex("be"))
        #expect(!peer.session.hasFailed)
        #expect(lines(peer.session.block) == [":status: 200", "x-a: b"])
    }

    @Test("RFC 9218 7.1: a server sends no PRIORITY_UPDATE")
    func priorityUpdate() {
        peer.send(.priorityUpdate, stream: 0, [0, 0, 0, 1])
        #expect(peer.goAwayCode == .protocolError)
    }
}
