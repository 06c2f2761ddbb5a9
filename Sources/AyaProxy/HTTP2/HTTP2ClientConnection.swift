internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// A client's HTTP/2 connection: reads frames, hands each stream to a lane, and sends what the lanes write.
///
/// It is no task: it stays parked for life and works synchronously whenever an event comes. What lanes write in a turn
/// is gathered and leaves in one call at its end.
final class HTTP2ClientConnection: Waiter {
    let socket: Socket
    let listener: ListenerRuntime
    let runtime: Runtime
    let client: SocketAddress?
    let tls: TLSConnection?
    let session: HTTP2Session
    var lease: ClientLease?
    /// Bytes of a frame that is not here whole; nil between frames.
    var input: Buffer?
    /// Frames that wait for the turn's end, or for the client to read.
    var out: Buffer?
    var isFlushScheduled = false
    /// The client takes no answers, so its next frames have to wait.
    var isReadingPaused = false
    /// Lanes whose `HTTPConnection` waits for a request, and how many serve one.
    var idleLanes: [ClientStream] = []
    var busyLanes = 0
    /// Lanes that have something to send, in the order in which they came.
    var waiting: [ClientStream] = []
    var phase = Phase.open
    /// When bytes came last, and went last, and a PING was sent that is not answered.
    var heard: Instant
    var progressed: Instant
    var asked: Instant?
    /// When the last stream ended, or the connection began.
    var idleSince: Instant
    var drainBegan: Instant?

    enum Phase {
        case open
        /// Nothing more is said: what the client still sends is read for a moment, so that our last words arrive.
        case lingering
        case closed
    }

    private init(
        _ socket: Socket, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease?, tls: TLSConnection?, input: Buffer?
    ) {
        self.socket = socket
        self.listener = listener
        self.runtime = runtime
        self.client = client
        self.tls = tls
        self.lease = consume lease
        self.input = input
        var limits = HTTP2Limits()
        limits.headerCount = listener.headLimits.headerCount + 5
        limits.headerList = listener.headLimits.headerBytes + listener.headLimits.requestLine + limits.headerCount * 32
        session = HTTP2Session(isServer: true, limits: limits, block: runtime.http2.block)
        let now = runtime.worker.now
        heard = now
        progressed = now
        idleSince = now
        super.init(worker: runtime.worker)
        socket.waiter = self
        socket.limitUnsent(to: 128 << 10)
    }

    /// Takes over a client's socket with the bytes that were read of it.
    static func start(
        _ socket: Socket, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease?, tls: TLSConnection?, input: Buffer?
    ) {
        let connection = HTTP2ClientConnection(
            socket, client: client, listener: listener, runtime: runtime, lease: lease, tls: tls, input: input)
        connection.session.start(connection.output())
        connection.scheduleFlush()
        connection.setDeadline(connection.worker.now + connection.tick)
        connection.pump()
    }

    override func parkedEvent() { pump() }
    override func parkedTimeout() { look() }
    override func drain() { beginDrain() }

    // MARK: reading

    /// How many reads of full buffers one event may bring before others have their turn.
    private static let share = 16

    func pump() {
        if case .closed = phase { return }
        if !socket.isOpen { return close() }
        if socket.isWritable, out != nil { scheduleFlush() }
        for _ in 0..<Self.share {
            if case .lingering = phase { return linger() }
            guard process() else { return }
            guard socket.isReadable else { return }
            let buffer = inputWithRoom()
            switch socket.receive(into: buffer) {
            case .bytes(let count):
                heard = worker.now
                asked = nil
                listener.metrics.counts.bytesReceived &+= UInt64(count)
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
            // A client that does not take its answers is not heard further.
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

    /// Says what is to be said, and closes when it has arrived.
    func closeGently() {
        guard case .open = phase else { return }
        phase = .lingering
        for lane in lanes() { lane.broken() }
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
    func close() {
        if case .closed = phase { return }
        phase = .closed
        for lane in lanes() { lane.broken() }
        for lane in idleLanes { lane.broken() }
        idleLanes = []
        waiting = []
        socket.close()
        if let buffer = input.take() { worker.buffers.give(buffer) }
        if let buffer = out.take() { worker.buffers.give(buffer) }
        retire()
        listener.metrics.counts.connectionsOpen &-= 1
        lease = nil
    }

    private func lanes() -> [ClientStream] {
        var found: [ClientStream] = []
        session.forEachStream { if let lane = $0.owner as? ClientStream { found.append(lane) } }
        return found
    }

    /// A client that broke the rules, for the log.
    func record(_ reason: Reason) {
        listener.metrics.counts.sessions.record(reason)
        guard let log = runtime.accessLog, listener.service == nil else { return }
        var record = AccessRecord()
        record.kind = .session
        record.time = worker.wallClock
        record.listener = listener.nameText
        record.client = client
        record.reason = reason
        log.append(record)
    }
}
