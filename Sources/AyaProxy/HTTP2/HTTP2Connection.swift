internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// An HTTP/2 connection, to a client or to a server: reads frames, hands each stream to its lane, and sends what the
/// lanes write.
///
/// It is no task: it stays parked for life and works synchronously whenever an event comes. What lanes write in a turn
/// is gathered and leaves in one call at its end.
class HTTP2Connection: Waiter {
    final let socket: Socket
    final let session: HTTP2Session
    final let scratch: HTTP2Scratch
    /// Bytes of a frame that is not here whole; nil between frames.
    final var input: Buffer?
    /// Frames that wait for the turn's end, or for the peer to read.
    final var out: Buffer?
    final var isFlushScheduled = false
    /// The peer takes nothing, so its next frames have to wait.
    final var isReadingPaused = false
    /// Lanes that nobody uses, and how many are in use.
    final var idleLanes: [HTTP2Lane] = []
    final var busyLanes = 0
    /// Lanes that have something to send, in the order in which they came.
    final var waiting: [HTTP2Lane] = []
    final var phase = Phase.open
    /// When bytes came last, and went last, and a PING was sent that is not answered.
    final var heard: Instant
    final var progressed: Instant
    final var asked: Instant?
    /// When the last stream ended, or the connection began.
    final var idleSince: Instant

    enum Phase {
        case open
        /// Nothing more is said: what the peer still sends is read for a moment, so that our last words arrive.
        case lingering
        case closed
    }

    /// Takes over a socket with the bytes that were read of it.
    init(_ socket: Socket, session: HTTP2Session, scratch: HTTP2Scratch, input: Buffer?) {
        self.socket = socket
        self.session = session
        self.scratch = scratch
        self.input = input
        let now = socket.worker.now
        heard = now
        progressed = now
        idleSince = now
        super.init(worker: socket.worker)
        socket.waiter = self
        socket.limitUnsent(to: 128 << 10)
    }

    /// Says the first words.
    final func begin() {
        session.start(output())
        scheduleFlush()
        setDeadline(worker.now + tick)
        pump()
    }

    final override func parkedEvent() { pump() }
    final override func parkedTimeout() { look() }

    // MARK: what the two kinds do differently

    /// Bytes moved on the wire.
    func count(received: Int, sent: Int) {}
    /// A head is in the session's block of fields.
    func begin(_ stream: HTTP2Stream, ends: Bool) {}
    func wasReset(_ stream: HTTP2Stream, _ code: HTTP2Code, _ fault: HTTP2Fault?) {}
    func wentAway(last: UInt32) {}
    /// The peer's settings are here.
    func settled() {}
    /// A lane is no longer in use.
    func freed(_ lane: HTTP2Lane) {}
    /// The peer broke the rules; a GOAWAY is written.
    func failed(_ fault: HTTP2Fault) {}
    /// Time has passed.
    func look() {}
    /// How often that is looked at.
    var tick: Interval { .seconds(10) }
    /// All is said and done.
    func ended() {}
    /// Whether a connection without streams is of no more use.
    var isToEnd: Bool {
        session.goneAway != nil && session.goneAway != 0x7fff_ffff || session.peerGoneAway != nil
    }

    // MARK: reading

    /// How many reads of full buffers one event may bring before others have their turn.
    private static let share = 16

    final func pump() {
        if case .closed = phase { return }
        if !socket.isOpen { return close() }
        // The event may come when all has been sent after all; then it is lanes that wait for it.
        if socket.isWritable, out != nil || !waiting.isEmpty { scheduleFlush() }
        for _ in 0..<Self.share {
            if case .lingering = phase { return linger() }
            guard process() else { return }
            guard socket.isReadable else { return }
            let buffer = inputWithRoom()
            switch socket.receive(into: buffer) {
            case .bytes(let count):
                heard = worker.now
                asked = nil
                self.count(received: count, sent: 0)
            case .wouldBlock: return settleInput()
            case .end, .failed: return close()
            }
        }
        if process() { worker.wakeNextTurn(self) }
    }

    /// Takes every frame that is here whole; false when reading has to wait or is over.
    private func process() -> Bool {
        guard let buffer = input, !buffer.isEmpty else { return true }
        session.tick(worker.now)
        while true {
            // A peer that does not take what is said to it is not heard further.
            guard let out = roomForAnswers() else { return false }
            var offset = 0
            let event = unsafe session.next(buffer.unread.span, at: &offset, out)
            if !out.isEmpty { scheduleFlush() }
            if case .needMore = event {
                buffer.consume(offset)
                settleInput()
                return true
            }
            unsafe take(event, buffer.unread.span)
            guard case .open = phase else { return true }
            buffer.consume(offset)
        }
    }

    private func inputWithRoom() -> Buffer {
        guard let buffer = input else {
            let fresh = worker.buffers.takeLarge()
            input = fresh
            return fresh
        }
        if buffer.capacity < BufferPool.largeSize {
            let large = worker.buffers.takeLarge()
            unsafe large.append(buffer.unread)
            worker.buffers.give(buffer)
            input = large
            return large
        }
        if buffer.room < buffer.capacity / 2 { buffer.compact() }
        return buffer
    }

    /// What is left of a read waits in as little memory as it needs.
    private func settleInput() {
        guard let buffer = input else { return }
        if buffer.isEmpty {
            worker.buffers.give(buffer)
            input = nil
        } else if buffer.capacity > BufferPool.smallSize, buffer.count <= BufferPool.smallSize, !socket.isReadable {
            let small = worker.buffers.takeSmall()
            unsafe small.append(buffer.unread)
            worker.buffers.give(buffer)
            input = small
        }
    }

    // MARK: ends

    /// Says that nothing more is served, and closes when that has arrived.
    final func goAway() {
        session.goAway(output(), last: session.lastPeerStream)
        closeGently()
    }

    /// Says what is to be said, and closes when it has arrived.
    final func closeGently() {
        guard case .open = phase else { return }
        phase = .lingering
        breakLanes()
        scheduleFlush()
        setDeadline(worker.now + .seconds(2))
    }

    private func linger() {
        let scratch = worker.buffers.takeSmall()
        defer { worker.buffers.give(scratch) }
        for _ in 0..<Self.share {
            scratch.clear()
            switch socket.receive(into: scratch) {
            case .bytes: continue
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
        worker.wakeNextTurn(self)
    }

    /// The end, at once.
    final func close() {
        if case .closed = phase { return }
        phase = .closed
        breakLanes()
        let idle = idleLanes
        idleLanes = []
        for lane in idle { lane.broken() }
        waiting = []
        socket.close()
        if let buffer = input.take() { worker.buffers.give(buffer) }
        if let buffer = out.take() { worker.buffers.give(buffer) }
        retire()
        ended()
    }

    /// Tells everybody who uses a lane that it is over.
    func breakLanes() {
        var lanes: [HTTP2Lane] = []
        session.forEachStream { if let lane = lane(of: $0) { lanes.append(lane) } }
        for lane in lanes { lane.broken() }
    }

    /// Notes when the last stream is over; a connection that drains ends then.
    final func settleIdle() {
        guard session.streamCount == 0 else { return }
        idleSince = worker.now
        closeIfIdle()
    }

    final func closeIfIdle() {
        guard session.streamCount == 0, busyLanes == 0, case .open = phase else { return }
        if isToEnd { closeGently() }
    }
}
