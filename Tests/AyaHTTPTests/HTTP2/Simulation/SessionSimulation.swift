internal import AyaCore
internal import AyaHTTP

/// A session between a peer and an owner who both do at random what comes to their minds, right or wrong, and a model
/// that says after each step what had to become of it.
///
/// One seed is one history: whatever fails is told with the seed, which replays it.
struct SessionSimulation {
    /// The first thing that did not hold.
    struct Failure: Error, CustomStringConvertible {
        var seed: UInt64
        var step: Int
        var what: String

        var description: String { "seed \(seed), step \(step): \(what)" }
    }

    private let seed: UInt64
    let chaos: Double
    private var step = 0
    var dice: FrameDice
    var model: SessionModel
    let session: HTTP2Session
    let out = Buffer(capacity: 1 << 18)
    let scratch = Buffer(capacity: 1 << 14)
    let peerEncoder = HPACKEncoder()
    private let peerDecoder = HPACKDecoder()
    private let peerBlock = FieldBlock(capacity: 1 << 14)
    let limits: HTTP2Limits
    private var now = Instant(nanoseconds: 1)
    /// Bytes that came and are not consumed: of a stream, or of the connection alone.
    var debts: [(stream: HTTP2Stream?, count: Int)] = []
    var expectedAcknowledgements = 0
    var expectedPongs: [[UInt8]] = []
    private var lastGoAway: UInt32 = .max
    private(set) var hasEnded = false

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    init(seed: UInt64, isServer: Bool) throws {
        self.seed = seed
        dice = FrameDice(seed: seed)
        chaos = dice.pick([0, 0.01, 0.05, 0.3], or: 0)
        var limits = HTTP2Limits()
        limits.maxConcurrentStreams = dice.pick([4, 40], or: 4)
        limits.streamWindow = 70_000
        limits.connectionWindow = 100_000
        limits.headerList = 1000
        limits.headerBlock = 1024
        self.limits = limits
        model = SessionModel(isServer: isServer, limits: limits)
        session = HTTP2Session(isServer: isServer, limits: limits, block: FieldBlock(capacity: 1 << 14))
        session.start(out)
        if !isServer { out.consume(24) }
        try take(writtenFor: [])
        try say((isServer ? Self.preface : []) + FrameDice.frame(.settings, [], 0, []), [.settings])
    }

    /// Steps until the connection fails or all are done.
    mutating func run(steps: Int) throws {
        while step < steps, !hasEnded {
            step += 1
            now = now + .seconds(1)
            session.tick(now)
            if dice.chance(0.45) { try actAsOwner() } else { try actAsPeer() }
            if !hasEnded { try compare() }
        }
        if !hasEnded { try settle() }
    }

    func fail(_ what: String) -> Failure { Failure(seed: seed, step: step, what: what) }

    // MARK: what comes of it

    mutating func say(
        _ bytes: [UInt8], _ allowed: [SessionModel.Verdict], fields: [(String, String)]? = nil, payload: Int? = nil
    ) throws {
        var events: [SessionModel.Verdict] = []
        var offset = 0
        // In two pieces, as it may arrive.
        for end in [dice.roll(bytes.count), bytes.count] {
            let here = Array(bytes[..<end])
            while !session.hasFailed {
                let before = unsafe out.unread.count
                let event = session.next(here.span, at: &offset, out)
                guard unsafe out.unread.count - before <= HTTP2Session.answerRoom else { throw fail("a long answer") }
                if case .needMore = event { break }
                events.append(try verdict(of: event, fields: fields, payload: payload))
            }
        }
        if !session.hasFailed, offset != bytes.count { throw fail("a frame was left") }
        guard events.count <= 1 else { throw fail("\(events) of one frame") }
        let refused = allowed.contains { if case .refused = $0 { true } else { false } }
        let seen = events.first ?? (refused ? allowed[0] : .nothing)
        guard allowed.contains(seen) else { throw fail("\(seen), where \(allowed) is right") }
        try take(writtenFor: [seen])
        if case .connectionError = seen { hasEnded = true }
    }

    private mutating func verdict(
        of event: HTTP2Event, fields: [(String, String)]?, payload: Int?
    ) throws -> SessionModel.Verdict {
        switch event {
        case .needMore: return .nothing
        case .head(let stream, let ends):
            try checkFields(fields)
            return .head(stream.id, ends: ends)
        case .data(let stream, let range, let credit, let ends):
            guard range.count == payload else { throw fail("\(range.count) bytes in place of \(payload ?? 0)") }
            debts.append((stream, credit))
            return .data(stream.id, ends: ends)
        case .trailers(let stream):
            try checkFields(fields)
            return .trailers(stream.id)
        case .reset(let stream, let code, let fault):
            guard stream.isClosed else { throw fail("a stream that was reset is open") }
            return fault == nil ? .reset(stream.id) : .streamError(stream.id, code)
        case .window(let stream): return .window(stream?.id ?? 0)
        case .settings: return .settings
        case .goAway: return .goAway
        case .pong: return .pong
        case .priority(let stream): return .priority(stream.id)
        case .failed(let fault): return .connectionError(fault.code)
        }
    }

    /// Both ends' compression agrees, whatever became of the heads before.
    private func checkFields(_ fields: [(String, String)]?) throws {
        guard let fields else { throw fail("a head out of nowhere") }
        let size = fields.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 32 }
        guard session.block.isTooLarge == (size > limits.headerList) else { throw fail("a head's size is taken wrong") }
        if session.block.isTooLarge { return }
        guard lines(session.block) == fields.map({ "\($0.0): \($0.1)" }) else { throw fail("the fields differ") }
    }

    /// Reads what the session has written like a peer who knows the rules.
    mutating func take(writtenFor verdicts: [SessionModel.Verdict]) throws {
        var resets: Set<UInt32> = []
        var code: HTTP2Code?
        for verdict in verdicts {
            switch verdict {
            case .streamError(let id, _), .refused(let id): resets.insert(id)
            case .connectionError(let known): code = known
            default: break
            }
        }
        let owed = resets
        let written = bytes(out)
        out.clear()
        var at = 0
        while let header = FrameHeader(written.span, at: at) {
            let payload = Array(written[(at + 9)..<(at + 9 + header.length)])
            at += 9 + header.length
            let frame = SessionUnderTest.Frame(
                type: header.type, flags: header.flags.rawValue, stream: header.stream, payload: payload)
            if let broken = model.sent(frame, by: resets) { throw fail("\(broken) (stream \(frame.stream))") }
            try takeControl(frame, &resets, &code)
        }
        if at != written.count { throw fail("half a frame was written") }
        if !resets.isEmpty { throw fail("no RST_STREAM of \(owed)") }
        if code != nil { throw fail("no GOAWAY") }
        if expectedAcknowledgements > 1 || expectedPongs.count > 1 { throw fail("an answer is missing") }
    }

    private mutating func takeControl(
        _ frame: SessionUnderTest.Frame, _ resets: inout Set<UInt32>, _ code: inout HTTP2Code?
    ) throws {
        switch FrameType(rawValue: frame.type) {
        case .headers:
            peerBlock.begin(limits: limits)
            guard peerDecoder.decode(frame.payload.span, into: peerBlock) == nil, peerBlock.count > 0 else {
                throw fail("our own head does not decode")
            }
        case .resetStream: resets.remove(frame.stream)
        case .goAway:
            let last = frame.payload[..<4].reduce(0) { $0 << 8 | UInt32($1) }
            guard last <= lastGoAway else { throw fail("a GOAWAY takes back another") }
            lastGoAway = last
            if let known = code, frame.code == known.rawValue { code = nil }
        case .settings where frame.flags & 1 == 1: expectedAcknowledgements = max(0, expectedAcknowledgements - 1)
        case .ping where frame.flags & 1 == 1:
            guard expectedPongs.first == frame.payload else { throw fail("a PING is answered wrong") }
            expectedPongs.removeFirst()
        default: break
        }
    }

    // MARK: what always holds

    private func compare() throws {
        let open = model.open
        guard session.streamCount == open.count else {
            throw fail("\(session.streamCount) streams are open in place of \(open)")
        }
        guard session.sendWindow == model.sendWindow else { throw fail("the connection's window differs") }
        guard session.peer == model.peer else { throw fail("the peer's settings differ") }
        guard session.heldBytes <= limits.headerBlock else { throw fail("more is kept of a head than may be") }
        for id in open {
            guard let stream = session.stream(id), let expected = model.streams[id] else {
                throw fail("stream \(id) is not there")
            }
            guard !stream.isClosed, stream.hasEnded == (expected.theirs == .ended),
                stream.isEnded == (expected.ours == .ended), stream.hasHead == (expected.theirs != .silent)
            else { throw fail("the state of stream \(id) differs from \(expected)") }
            guard stream.sendWindow == expected.sendWindow, stream.receiveWindow == expected.receiveWindow else {
                throw fail("the windows of stream \(id) differ")
            }
            guard session.allowance(stream) <= max(0, min(expected.sendWindow, model.sendWindow)) else {
                throw fail("more than the window is allowed")
            }
        }
    }

    /// When everything is consumed, the peer may send again: no window is lost on the way.
    private mutating func settle() throws {
        for debt in debts { session.consume(debt.count, of: debt.stream, out) }
        debts = []
        try take(writtenFor: [])
        guard model.receiveWindow > limits.connectionWindow * 3 / 4 - 1 else {
            throw fail("only \(model.receiveWindow) of the connection's window are left")
        }
        for id in model.open where model.streams[id]?.theirs != .ended {
            guard model.streams[id]?.receiveWindow ?? 0 >= limits.streamWindow * 3 / 4 else {
                throw fail("the window of stream \(id) is lost")
            }
        }
    }
}
