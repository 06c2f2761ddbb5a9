package import AyaCore

/// One end of an HTTP/2 connection without its I/O (RFC 9113): bytes in, events and frames out.
///
/// It keeps what both ends must agree on: compression, streams, windows, settings. Who owns it moves the bytes,
/// decides what a request means, and tells what was consumed. A frame is taken when it is here whole; at most sixteen
/// KiB are waited for.
package final class HTTP2Session {
    package let isServer: Bool
    package let limits: HTTP2Limits
    package internal(set) var peer = HTTP2Settings()
    package let encoder = HPACKEncoder()
    let decoder = HPACKDecoder()
    /// Where the latest head stands.
    package let block: FieldBlock
    var streams = StreamTable()
    let pool: StreamPool
    var guards = FloodGuard()
    /// The highest stream that the peer has begun, and the next of ours.
    package internal(set) var lastPeerStream: UInt32 = 0
    var nextStream: UInt32 = 1
    package internal(set) var sendWindow = 65535
    var receiveWindow = 65535
    var consumed = 0
    /// The stream whose block of fields goes on in the next frame, with what has come of it.
    var continued: HeaderContinuation?
    var phase: Phase
    /// Streams that we gave up lately: what was under way to them is no fault.
    private var given = InlineArray<128, UInt32>(repeating: 0)
    private var nextGiven = 0
    /// We have sent a GOAWAY with this last stream; later ones are not served.
    package internal(set) var goneAway: UInt32?
    /// The peer's GOAWAY.
    package internal(set) var peerGoneAway: UInt32?
    package internal(set) var hasPeerSettings = false
    /// SETTINGS that the peer has not acknowledged.
    package internal(set) var unacknowledged = 0
    /// Urgencies of streams that were told before they began (RFC 9218 section 7.1).
    var early: [(UInt32, StreamPriority)] = []

    enum Phase {
        /// The client's first bytes are to come (section 3.4).
        case preface
        /// The first frame, which must be SETTINGS.
        case settings
        case open
        case failed
    }

    struct HeaderContinuation {
        var stream: UInt32
        var ends: Bool
        var frames: Int
        var bytes: [UInt8]
    }

    /// `block` and `pool` may be shared by connections of one thread.
    package init(isServer: Bool, limits: HTTP2Limits, block: FieldBlock, pool: StreamPool = StreamPool()) {
        self.isServer = isServer
        self.limits = limits
        self.block = block
        self.pool = pool
        phase = isServer ? .preface : .settings
    }

    /// Streams open on either side.
    package var streamCount: Int { streams.count }
    package var hasFailed: Bool { if case .failed = phase { true } else { false } }
    /// Bytes that are kept of a head whose last frame has not come.
    package var heldBytes: Int { continued?.bytes.count ?? 0 }
    package func stream(_ id: UInt32) -> HTTP2Stream? { streams[id] }
    package func forEachStream(_ body: (HTTP2Stream) -> Void) { streams.forEach(body) }

    package static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// The bytes that come before anything else of ours.
    package func start(_ out: Buffer) {
        if !isServer { out.append(Self.preface) }
        out.appendSettings(limits, isServer: isServer)
        unacknowledged += 1
        let more = limits.connectionWindow - receiveWindow
        if more > 0 {
            receiveWindow += more
            out.appendWindowUpdate(stream: 0, more)
        }
    }

    /// Once for each read, with the time: what floods are measured against.
    package func tick(_ now: Instant) { guards.refill(now) }

    // MARK: ends

    func fail(_ fault: HTTP2Fault, _ out: Buffer) -> HTTP2Event {
        phase = .failed
        // Never above an earlier one (section 6.8), behind which streams may have begun and been ignored.
        let last = min(lastPeerStream, goneAway ?? .max)
        out.appendGoAway(last: last, fault.code, detail: fault.detail)
        return .failed(fault)
    }

    /// The peer broke the rules of one stream.
    func fail(_ stream: HTTP2Stream, _ fault: HTTP2Fault, _ out: Buffer) -> HTTP2Event {
        reset(stream, fault.code, out)
        guard guards.spendReset() else { return fail(Self.tooManyResets, out) }
        return .reset(stream, fault.code, fault)
    }

    static var tooManyResets: HTTP2Fault {
        HTTP2Fault(.enhanceYourCalm, "too many streams are given up or refused")
    }

    /// Gives a stream up.
    package func reset(_ stream: HTTP2Stream, _ code: HTTP2Code, _ out: Buffer) {
        guard !stream.isClosed else { return }
        out.appendReset(stream: stream.id, code)
        remember(stream.id)
        close(stream)
    }

    func remember(_ id: UInt32) {
        given[nextGiven] = id
        nextGiven = (nextGiven &+ 1) & 127
    }

    /// The peer has given it up too, or ended it: nothing can be under way any more.
    func forget(_ id: UInt32) {
        for index in 0..<128 where given[index] == id { given[index] = 0 }
    }

    func wasGivenUp(_ id: UInt32) -> Bool {
        for index in 0..<128 where given[index] == id { return true }
        return false
    }

    func close(_ stream: HTTP2Stream) {
        guard !stream.isClosed else { return }
        stream.isClosed = true
        streams.remove(stream.id)
        pool.give(stream)
    }

    func closeIfDone(_ stream: HTTP2Stream) {
        guard stream.hasEnded, stream.isEnded else { return }
        guards.earnExchange()
        close(stream)
    }

    /// No new streams. `last` nil: all that may still be on their way are served (section 6.8).
    package func goAway(_ out: Buffer, last: UInt32? = nil, _ code: HTTP2Code = .noError) {
        let last = last ?? 0x7fff_ffff
        guard goneAway == nil || last < goneAway ?? 0 else { return }
        goneAway = last
        out.appendGoAway(last: last, code)
    }
}
