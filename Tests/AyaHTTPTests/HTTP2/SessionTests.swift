internal import AyaCore
internal import AyaHTTP
internal import Testing

/// The rules of RFC 9113 on a server's end, by section.
@Suite("HTTP/2 sessions (RFC 9113)")
struct HTTP2SessionTests {
    private let peer = SessionUnderTest()

    @Test("3.4: the preface is checked, and SETTINGS come first")
    func preface() {
        let wrong = SessionUnderTest(handshake: false)
        wrong.feed(Array("GET / HTTP/1.1\r\n\r\n aaaaaaaaaa".utf8))
        #expect(wrong.goAwayCode == .protocolError)
        let noSettings = SessionUnderTest(handshake: false)
        noSettings.feed(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        noSettings.send(.ping, stream: 0, Array(repeating: 0, count: 8))
        #expect(noSettings.goAwayCode == .protocolError)
        #expect(noSettings.greeting.first?.type == FrameType.settings.rawValue)
    }

    @Test("4.1: unknown types, unknown flags and the reserved bit are ignored")
    func unknown() {
        peer.send(raw: 0x20, 0xff, stream: 1, [1, 2, 3])
        peer.send(raw: 6, 0x16, stream: 0, Array(repeating: 7, count: 8))
        peer.send(raw: 6, 0, stream: 0x8000_0000, Array(repeating: 7, count: 8))
        #expect(!peer.session.hasFailed)
        #expect(peer.frames().count == 2)
    }

    @Test("4.2: a frame beyond SETTINGS_MAX_FRAME_SIZE")
    func largeFrame() {
        peer.request(1, ends: false)
        peer.feed([0, 0x40, 1, 0, 0, 0, 0, 0, 1])
        #expect(peer.goAwayCode == .frameSizeError)
    }

    @Test("4.3: a block that does not decompress")
    func badBlock() {
        peer.send(.headers, [.endHeaders, .endStream], stream: 1, [0x80])
        #expect(peer.goAwayCode == .compressionError)
    }

    @Test(
        "4.3 and 6.10: nothing comes between the frames of a block",
        arguments: [
            (FrameType.data, UInt32(1)), (.ping, 0), (.continuation, 3), (.headers, 1), (.priority, 1), (.settings, 0),
        ])
    func interleaved(type: FrameType, stream: UInt32) {
        peer.send(.headers, .endStream, stream: 1, [0x82])
        peer.send(type, stream: stream, Array(repeating: 0, count: 8))
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test("4.3: a block in pieces is one")
    func pieces() {
        peer.send(.headers, .endStream, stream: 1, [0x82, 0x86])
        peer.send(.continuation, stream: 1, [])
        let events = peer.send(.continuation, .endHeaders, stream: 1, hex("8441 0161"))
        guard case .head(let stream, true) = events.first else { return #expect(Bool(false), "no head") }
        #expect(stream.id == 1)
        #expect(lines(peer.session.block) == [":method: GET", ":scheme: http", ":path: /", ":authority: a"])
    }

    @Test(
        "5.1: idle streams take HEADERS and PRIORITY alone",
        arguments: [
            (FrameType.data, 4), (.resetStream, 4), (.windowUpdate, 4),
        ])
    func idle(type: FrameType, count: Int) {
        peer.send(type, stream: 1, [0, 0, 0, 1])
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test("5.1: half-closed streams take no DATA and no HEADERS", arguments: [FrameType.data, .headers])
    func halfClosed(type: FrameType) {
        peer.request(1)
        peer.send(type, [.endHeaders, .endStream], stream: 1, SessionUnderTest.head)
        #expect(peer.resetCode == .streamClosed)
    }

    @Test("5.1: closed streams take neither", arguments: [FrameType.data, .headers])
    func closed(type: FrameType) {
        peer.request(1)
        peer.send(.resetStream, stream: 1, [0, 0, 0, 8])
        peer.send(type, [.endHeaders, .endStream], stream: 1, SessionUnderTest.head)
        #expect(peer.goAwayCode == .streamClosed)
    }

    @Test("5.1: what was under way to a stream that we gave up is no fault, and its bytes go back to the window")
    func givenUp() {
        peer.request(1, ends: false)
        if let stream = peer.session.stream(1) { peer.session.reset(stream, .cancel, peer.out) }
        _ = peer.frames()
        for _ in 0..<40 { peer.send(.data, stream: 1, Array(repeating: 0, count: 16384)) }
        #expect(!peer.session.hasFailed)
        #expect(peer.frames().contains { $0.type == FrameType.windowUpdate.rawValue && $0.stream == 0 })
    }

    @Test("5.1.1: streams of clients are odd and ascend")
    func numbers() {
        peer.request(2)
        #expect(peer.goAwayCode == .protocolError)
        let other = SessionUnderTest()
        other.request(5)
        other.request(3)
        #expect(other.goAwayCode == .streamClosed)
    }

    @Test("5.1.2: no more streams at once than announced")
    func concurrency() {
        var limits = HTTP2Limits()
        limits.maxConcurrentStreams = 2
        let few = SessionUnderTest(limits: limits)
        few.request(1)
        few.request(3)
        few.request(5)
        #expect(few.resetCode == .refusedStream)
    }

    @Test("5.3.1: a stream does not depend on itself")
    func dependency() {
        peer.send(.headers, [.endHeaders, .endStream, .priority], stream: 1, [0, 0, 0, 1, 5] + SessionUnderTest.head)
        #expect(peer.lastCode == .protocolError)
        let other = SessionUnderTest()
        other.send(.priority, stream: 1, [0, 0, 0, 1, 5])
        #expect(other.lastCode == .protocolError)
    }

    @Test("6.1, 6.2: stream 0, and padding that is too long", arguments: [FrameType.data, .headers])
    func padding(type: FrameType) {
        peer.request(1, ends: false)
        peer.send(type, [.padded, .endHeaders], stream: 1, [5, 1, 2])
        #expect(peer.goAwayCode == .protocolError)
        let zero = SessionUnderTest()
        zero.send(type, .endHeaders, stream: 0, SessionUnderTest.head)
        #expect(zero.goAwayCode == .protocolError)
    }

    @Test("6.1: padding counts for the window and not for the body")
    func padded() {
        peer.request(1, ends: false)
        let events = peer.send(.data, [.padded, .endStream], stream: 1, [3, 65, 66, 0, 0, 0])
        guard case .data(_, let range, let credit, true) = events.first else { return #expect(Bool(false), "no data") }
        #expect(range.count == 2)
        #expect(credit == 6)
    }

    @Test(
        "6.3, 6.4, 6.5, 6.7, 6.9: lengths and streams of control frames",
        arguments: [
            (FrameType.priority, UInt32(1), 4, HTTP2Code.frameSizeError), (.priority, 0, 5, .protocolError),
            (.resetStream, 1, 3, .frameSizeError), (.resetStream, 0, 4, .protocolError),
            (.settings, 1, 0, .protocolError), (.settings, 0, 5, .frameSizeError),
            (.ping, 0, 7, .frameSizeError), (.ping, 1, 8, .protocolError),
            (.goAway, 1, 8, .protocolError), (.goAway, 0, 7, .frameSizeError),
            (.windowUpdate, 0, 3, .frameSizeError), (.windowUpdate, 0, 4, .protocolError),
            (.windowUpdate, 1, 4, .protocolError), (.pushPromise, 1, 10, .protocolError),
            (.continuation, 1, 10, .protocolError),
        ])
    func shapes(type: FrameType, stream: UInt32, count: Int, code: HTTP2Code) {
        peer.request(1, ends: false)
        peer.send(type, stream: stream, Array(repeating: 0, count: count))
        #expect(peer.lastCode == code)
    }

    @Test("6.5: settings are acknowledged; an acknowledgement has no body")
    func settings() {
        peer.send(.settings, stream: 0, [0, 4, 0, 1, 0, 0, 0, 99, 1, 2, 3, 4])
        #expect(peer.session.peer.initialWindow == 65536)
        #expect(peer.frames().contains { $0.type == 4 && $0.flags == 1 })
        peer.send(.settings, .acknowledgement, stream: 0, [0, 0, 0, 0, 0, 0])
        #expect(peer.goAwayCode == .frameSizeError)
    }

    @Test(
        "6.5.2: values out of their bounds",
        arguments: [
            ([UInt8](arrayLiteral: 0, 2, 0, 0, 0, 2), HTTP2Code.protocolError),
            ([0, 4, 0x80, 0, 0, 0], .flowControlError), ([0, 5, 0, 0, 0x3f, 0xff], .protocolError),
            ([0, 5, 1, 0, 0, 0], .protocolError),
        ])
    func settingBounds(payload: [UInt8], code: HTTP2Code) {
        peer.send(.settings, stream: 0, payload)
        #expect(peer.goAwayCode == code)
    }

    @Test("6.7: a ping is answered with its own bytes")
    func ping() {
        peer.send(.ping, stream: 0, [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(peer.frames() == [.init(type: 6, flags: 1, stream: 0, payload: [1, 2, 3, 4, 5, 6, 7, 8])])
    }

    @Test("6.9: windows hold what is sent, and a change of the first one moves those of open streams")
    func windows() {
        peer.send(.settings, stream: 0, [0, 4, 0, 0, 0, 3])
        peer.request(1)
        guard let stream = peer.session.stream(1) else { return #expect(Bool(false), "no stream") }
        #expect(peer.session.allowance(stream) == 3)
        peer.session.sendData(stream, [1, 2, 3].span, ends: false, peer.out)
        #expect(peer.session.allowance(stream) == 0)
        peer.send(.settings, stream: 0, [0, 4, 0, 0, 0, 1])
        #expect(stream.sendWindow == -2)
        peer.send(.windowUpdate, stream: 1, [0, 0, 0, 5])
        #expect(peer.session.allowance(stream) == 3)
    }

    @Test("6.9.1: windows do not grow beyond 2^31 - 1")
    func windowBounds() {
        peer.request(1)
        peer.send(.windowUpdate, stream: 1, [0x7f, 0xff, 0xff, 0xff])
        #expect(peer.resetCode == .flowControlError)
        peer.send(.windowUpdate, stream: 0, [0x7f, 0xff, 0xff, 0xff])
        #expect(peer.goAwayCode == .flowControlError)
    }

    @Test("6.9.1: no peer sends more than its window")
    func overrun() {
        var limits = HTTP2Limits()
        limits.streamWindow = 100
        let small = SessionUnderTest(limits: limits)
        small.request(1, ends: false)
        small.send(.data, stream: 1, Array(repeating: 0, count: 101))
        #expect(small.resetCode == .flowControlError)
    }

    @Test("8.1: trailers end their stream; the body is as long as announced")
    func lengths() {
        peer.request(1, ends: false)
        peer.send(.headers, .endHeaders, stream: 1, SessionUnderTest.head)
        #expect(peer.resetCode == .protocolError)
        peer.request(3, ends: false)
        if let stream = peer.session.stream(3) { peer.session.accept(stream, length: 4, isFinal: true) }
        peer.send(.data, .endStream, stream: 3, [1, 2, 3])
        #expect(peer.resetCode == .protocolError)
        peer.request(5, ends: false)
        if let stream = peer.session.stream(5) { peer.session.accept(stream, length: 4, isFinal: true) }
        peer.send(.data, stream: 5, [1, 2, 3, 4, 5])
        #expect(peer.resetCode == .protocolError)
    }

    @Test(
        "5.1: half-closed and closed streams take frames about windows and priorities",
        arguments: [(FrameType.windowUpdate, [UInt8](arrayLiteral: 0, 0, 0, 9)), (.priority, [0, 0, 0, 0, 1])])
    func lateFrames(type: FrameType, payload: [UInt8]) {
        peer.request(1)
        peer.send(type, stream: 1, payload)
        if let stream = peer.session.stream(1) { peer.session.sendHead(stream, [0x88].span, ends: true, peer.out) }
        _ = peer.frames()
        peer.send(type, stream: 1, payload)
        peer.send(.resetStream, stream: 1, [0, 0, 0, 8])
        #expect(!peer.session.hasFailed && peer.frames().isEmpty)
    }

    @Test("5.5: a frame of an unknown type is no excuse within a block of fields")
    func extensionWithinBlock() {
        peer.send(.headers, .endStream, stream: 1, [0x82])
        peer.send(raw: 0x20, stream: 1, [])
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test("6.2: HEADERS with a priority that is cut short")
    func shortPriority() {
        peer.send(.headers, [.endHeaders, .priority], stream: 1, [0, 0, 0, 0])
        #expect(peer.goAwayCode == .frameSizeError)
    }

    @Test("6.8: our GOAWAYs never name a later stream, and what comes behind them is ignored and decoded")
    func goAways() {
        peer.request(1)
        peer.session.goAway(peer.out)
        peer.session.goAway(peer.out, last: 1)
        peer.session.goAway(peer.out, last: 5)
        peer.send(.headers, [.endHeaders, .endStream], stream: 3, SessionUnderTest.head + hex("4003 782d61 0162"))
        #expect(peer.session.streamCount == 1 && !peer.session.hasFailed)
        peer.send(.ping, stream: 1, Array(repeating: 0, count: 8))
        let lasts = peer.frames().filter { $0.type == FrameType.goAway.rawValue }.map { Array($0.payload[..<4]) }
        #expect(lasts == [[0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 1], [0, 0, 0, 1]])
    }

    @Test("7: error codes that nobody knows are as good as others")
    func unknownCodes() {
        peer.request(1)
        let events = peer.send(.resetStream, stream: 1, [0xff, 0, 0, 9])
        guard case .reset(_, .internalError, nil)? = events.first else { return #expect(Bool(false), "no reset") }
        peer.send(.goAway, stream: 0, [0, 0, 0, 0, 0xff, 0, 0, 9] + Array("bye".utf8))
        #expect(!peer.session.hasFailed)
    }

    @Test("RFC 7541 4.2: of several table sizes the smallest is told before the last")
    func tableSizes() {
        peer.send(.settings, stream: 0, [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 16, 0])
        let out = Buffer(capacity: 100)
        peer.session.encoder.begin(out)
        peer.session.encoder.status(200, to: out)
        #expect(bytes(out) == hex("20 3fe11f 88"))
    }

    @Test("RFC 9218: priorities come in a frame before or within their stream")
    func priorities() {
        peer.send(raw: 16, stream: 0, [0, 0, 0, 1] + Array("u=1, i".utf8))
        peer.request(1)
        #expect(peer.session.stream(1)?.priority.urgency == 1)
        #expect(peer.session.stream(1)?.priority.isIncremental == true)
        peer.send(raw: 16, stream: 0, [0, 0, 0, 1] + Array("u=9".utf8))
        #expect(peer.session.stream(1)?.priority.urgency == 3)
        peer.send(raw: 16, stream: 1, [0, 0, 0, 1])
        #expect(peer.goAwayCode == .protocolError)
    }

    @Test(
        "Floods end the connection",
        arguments: ["settings", "ping", "reset", "empty", "priority", "window", "continuation"])
    func floods(kind: String) {
        peer.request(1, ends: false)
        if kind == "continuation" { peer.send(.headers, stream: 3, [0x82]) }
        if kind == "window" { peer.send(.settings, stream: 0, [0, 4, 0, 0, 0, 0]) }
        for index in 0..<5000 where !peer.session.hasFailed {
            switch kind {
            case "settings": peer.send(.settings, stream: 0, [])
            case "ping": peer.send(.ping, stream: 0, Array(repeating: 0, count: 8))
            case "reset":
                peer.request(UInt32(2 * index + 3))
                peer.send(.resetStream, stream: UInt32(2 * index + 3), [0, 0, 0, 8])
            case "empty": peer.send(.data, stream: 1, [])
            case "priority": peer.send(.priority, stream: 1, [0, 0, 0, 0, 1])
            case "window": peer.send(.windowUpdate, stream: 1, [0, 0, 0, 1])
            default: peer.send(.continuation, stream: 3, [])
            }
            peer.out.clear()
            if kind == "window", let stream = peer.session.stream(1), peer.session.allowance(stream) > 0 {
                peer.session.sendData(stream, [1].span, ends: false, peer.out)
            }
        }
        #expect(peer.session.hasFailed)
    }

    @Test("Many streams that run to their end are no flood")
    func honest() {
        for id in 0..<20000 {
            let number = UInt32(2 * id + 1)
            peer.request(number)
            guard let stream = peer.session.stream(number) else { return #expect(Bool(false), "refused") }
            peer.session.sendHead(stream, [0x88].span, ends: true, peer.out)
            peer.out.clear()
        }
        #expect(peer.session.streamCount == 0)
    }
}
