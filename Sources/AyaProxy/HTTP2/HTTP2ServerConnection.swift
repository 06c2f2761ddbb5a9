internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// An HTTP/2 connection to a server, shared by as many exchanges as it has lanes.
final class HTTP2ServerConnection: HTTP2Connection {
    private let shared: SharedConnections
    private let metrics: ServerMetrics
    private var timeouts: PoolRuntime.Timeouts { shared.timeouts }
    let isSecure: Bool
    /// How many streams the server bears at once, where it refused more.
    private var borne = Int.max
    /// Lanes that exchanges have.
    private var lent: [ServerStream] = []
    /// It gets no more work.
    private(set) var isRetired = false

    /// `socket` is connected, and hands are shaken.
    init(_ socket: Socket, of shared: SharedConnections, isSecure: Bool) {
        self.shared = shared
        self.isSecure = isSecure
        metrics = shared.metrics
        var limits = HTTP2Limits()
        // A client that is slow to take its answer must not hold up the others, so the connection bears the windows of
        // all its streams.
        limits.connectionWindow = limits.streamWindow * shared.most
        limits.headerCount = 250
        limits.headerList = BufferPool.largeSize / 2
        super.init(
            socket,
            session: HTTP2Session(
                isServer: false, limits: limits, block: shared.scratch.block, pool: shared.scratch.streams),
            scratch: shared.scratch, input: nil)
        metrics.counts.connectionsOpen &+= 1
    }

    override func ended() {
        metrics.counts.connectionsOpen &-= 1
        shared.ended(self)
    }

    // MARK: lanes

    /// Another exchange may begin.
    var hasRoom: Bool {
        guard case .open = phase, !isRetired, session.mayOpen else { return false }
        return busyLanes < min(shared.most, session.peer.maxConcurrentStreams, borne)
    }

    /// A socket for an exchange.
    func lend() -> Socket? {
        // Safe: the lanes of this connection are all of this kind.
        let lane =
            idleLanes.popLast().map { unsafe unsafeDowncast($0, to: ServerStream.self) }
            ?? ServerStream(self, worker: worker, isSecure: isSecure)
        note(lane)
        lane.begin()
        return lane.socket
    }

    /// Takes on lanes that waited for it.
    func adopt(_ lane: ServerStream) {
        note(lane)
        lane.attach(self)
    }

    private func note(_ lane: ServerStream) {
        busyLanes += 1
        lane.place = lent.count
        lent.append(lane)
    }

    override func freed(_ lane: HTTP2Lane) {
        // Safe: the lanes of this connection are all of this kind.
        let place = unsafe unsafeDowncast(lane, to: ServerStream.self).place
        guard place < lent.count, lent[place] === lane, let last = lent.popLast(), last !== lane else { return }
        last.place = place
        lent[place] = last
    }

    override func breakLanes() { for lane in lent { lane.broken() } }

    /// Those that could not begin without the server's settings go on.
    override func settled() {
        shared.noteLimit(session.peer.maxConcurrentStreams)
        for lane in lent where lane.awaitsHead { lane.windowOpened() }
    }

    /// No more work: it closes when what runs has ended.
    func retireGently() {
        isRetired = true
        closeIfIdle()
    }

    override var isToEnd: Bool { isRetired || shared.isClosed || session.peerGoneAway != nil }

    // MARK: what the server says

    private func stream(_ stream: HTTP2Stream) -> ServerStream? {
        // Safe: the lanes of this connection are all of this kind.
        lane(of: stream).map { unsafe unsafeDowncast($0, to: ServerStream.self) }
    }

    override func begin(_ stream: HTTP2Stream, ends: Bool) {
        guard let lane = self.stream(stream) else {
            return session.accept(stream, length: nil, isFinal: true)
        }
        if let fault = lane.receivedHead(session.block, of: stream, ends: ends, session) { refuse(stream, fault) }
    }

    override func wasReset(_ stream: HTTP2Stream, _ code: HTTP2Code, _ fault: HTTP2Fault?) {
        let isRefused = code == .refusedStream && fault == nil
        if isRefused { borne = max(1, min(borne, session.streamCount)) }
        self.stream(stream)?.wasReset(isUnprocessed: isRefused, fault == nil ? nil : .upstreamInvalid)
    }

    /// Section 6.8: streams above the last have not been looked at and may be tried elsewhere.
    override func wentAway(last: UInt32) {
        isRetired = true
        var unprocessed: [HTTP2Stream] = []
        session.forEachStream { if $0.id > last { unprocessed.append($0) } }
        for stream in unprocessed {
            self.stream(stream)?.wasReset(isUnprocessed: true, nil)
            reset(stream, .cancel)
        }
    }

    override func failed(_ fault: HTTP2Fault) {
        for lane in lent where lane.stream != nil { lane.wasReset(isUnprocessed: false, .upstreamInvalid) }
    }

    // MARK: time

    override var tick: Interval {
        max(.milliseconds(20), Interval(nanoseconds: min(timeouts.idle, .seconds(2)).nanoseconds / 2))
    }

    /// How long the server has for the answer to a PING.
    private static let patience = Interval.seconds(5)

    override func look() {
        let now = worker.now
        switch phase {
        case .closed: return
        case .lingering: return close()
        case .open: break
        }
        let isStuck = out != nil && now - progressed > timeouts.response
        if !socket.isOpen || isStuck || asked.map({ now - $0 > Self.patience }) == true { return close() }
        endAnsweredStreams()
        if busyLanes == 0, session.streamCount == 0, now - idleSince > timeouts.idle { return goAway() }
        if case .open = phase { setDeadline(now + tick) }
    }
}
