internal import AyaCore
internal import AyaHTTP

/// The other end of a session, written frame by frame: what a test wants to say, right or wrong.
final class SessionUnderTest {
    let session: HTTP2Session
    let out = Buffer(capacity: 1 << 20)
    let encoder = HPACKEncoder()
    private(set) var events: [HTTP2Event] = []
    /// What the session has begun of itself.
    private(set) var greeting: [Frame] = []

    struct Frame: Equatable {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]

        var code: UInt32? {
            let at = type == FrameType.goAway.rawValue ? 4 : 0
            guard type == FrameType.goAway.rawValue || type == FrameType.resetStream.rawValue else { return nil }
            return payload[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    init(isServer: Bool = true, limits: HTTP2Limits = HTTP2Limits(), handshake: Bool = true) {
        session = HTTP2Session(isServer: isServer, limits: limits, block: FieldBlock())
        session.start(out)
        if !isServer { out.consume(24) }
        greeting = frames()
        guard handshake else { return }
        if isServer { feed(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)) }
        send(.settings, stream: 0, [])
        _ = frames()
        events = []
    }

    /// The frames that the session has written since the last call.
    func frames() -> [Frame] {
        let all = bytes(out)
        out.clear()
        var found: [Frame] = []
        var at = 0
        while let header = FrameHeader(all.span, at: at) {
            at += 9
            found.append(
                Frame(
                    type: header.type, flags: header.flags.rawValue, stream: header.stream,
                    payload: Array(all[at..<at + header.length])))
            at += header.length
        }
        return found
    }

    @discardableResult
    func feed(_ bytes: [UInt8]) -> [HTTP2Event] {
        var offset = 0
        let before = events.count
        while true {
            let event = session.next(bytes.span, at: &offset, out)
            if case .needMore = event { break }
            if case .head(let stream, _) = event { session.accept(stream, length: nil, isFinal: true) }
            events.append(event)
            if case .failed = event { break }
        }
        return Array(events[before...])
    }

    @discardableResult
    func send(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, _ payload: [UInt8]) -> [HTTP2Event] {
        send(raw: type.rawValue, flags.rawValue, stream: stream, payload)
    }

    @discardableResult
    func send(raw type: UInt8, _ flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8]) -> [HTTP2Event] {
        let count = payload.count
        let header = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
        return feed(header + (0..<4).map { UInt8(stream >> UInt32(24 - 8 * $0) & 255) } + payload)
    }

    /// A GET, or with `ends` false a request whose body is to come.
    @discardableResult
    func request(_ stream: UInt32, ends: Bool = true) -> [HTTP2Event] {
        send(.headers, ends ? [.endHeaders, .endStream] : .endHeaders, stream: stream, Self.head)
    }

    static let head = hex("8286 8441 0161")

    /// The code of the GOAWAY or RST_STREAM that was written last.
    var lastCode: HTTP2Code? { frames().last { $0.code != nil }?.code.flatMap(HTTP2Code.init(rawValue:)) }
    /// The code of the GOAWAY.
    var goAwayCode: HTTP2Code? {
        frames().last { $0.type == FrameType.goAway.rawValue }?.code.flatMap(HTTP2Code.init(rawValue:))
    }
    /// The code of the RST_STREAM, when the connection goes on.
    var resetCode: HTTP2Code? {
        if session.hasFailed { return nil }
        return frames().last { $0.type == FrameType.resetStream.rawValue }?.code.flatMap(HTTP2Code.init(rawValue:))
    }
}
