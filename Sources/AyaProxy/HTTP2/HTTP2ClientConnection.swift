internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// A client's HTTP/2 connection: each of its streams is a request, which an `HTTPConnection` on a lane serves.
final class HTTP2ClientConnection: HTTP2Connection {
    let listener: ListenerRuntime
    let runtime: Runtime
    let client: SocketAddress?
    let tls: TLSConnection?
    private var lease: ClientLease?
    private var drainBegan: Instant?

    private init(
        _ socket: Socket, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease?, tls: TLSConnection?, input: Buffer?
    ) {
        self.listener = listener
        self.runtime = runtime
        self.client = client
        self.tls = tls
        self.lease = consume lease
        var limits = HTTP2Limits()
        limits.headerCount = listener.headLimits.headerCount + 5
        limits.headerList = listener.headLimits.headerBytes + listener.headLimits.requestLine + limits.headerCount * 32
        super.init(
            socket,
            session: HTTP2Session(
                isServer: true, limits: limits, block: runtime.http2.block, pool: runtime.http2.streams),
            scratch: runtime.http2, input: input)
    }

    /// Takes over a client's socket with the bytes that were read of it.
    static func start(
        _ socket: Socket, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease?, tls: TLSConnection?, input: Buffer?
    ) {
        let connection = HTTP2ClientConnection(
            socket, client: client, listener: listener, runtime: runtime, lease: lease, tls: tls, input: input)
        connection.begin()
    }

    override func count(received: Int, sent: Int) {
        listener.metrics.counts.bytesReceived &+= UInt64(received)
        listener.metrics.counts.bytesSent &+= UInt64(sent)
    }

    override func ended() {
        listener.metrics.counts.connectionsOpen &-= 1
        lease = nil
    }

    // MARK: streams

    override func begin(_ stream: HTTP2Stream, ends: Bool) {
        // A stream that its client gave up may still keep a lane busy for a moment.
        guard busyLanes < session.limits.maxConcurrentStreams * 2 else { return reset(stream, .refusedStream) }
        if session.block.isTooLarge { return refuse(stream, status: 431, .headTooLarge, ends: ends) }
        // Safe: the lanes of this connection are all of this kind.
        let lane = idleLanes.popLast().map { unsafe unsafeDowncast($0, to: ClientStream.self) } ?? makeLane()
        let key = (worker.random.next(), worker.random.next())
        switch lane.begin(stream, session.block, ends: ends, key: key) {
        case .success(let request):
            if let field = request.priority {
                unsafe stream.priority.read(session.block.bytes.bytes(field.range).span)
            }
            session.accept(stream, length: request.contentLength, isFinal: true)
            busyLanes += 1
            lane.start()
        case .failure(let fault):
            idleLanes.append(lane)
            refuse(stream, fault)
        }
    }

    private func makeLane() -> ClientStream {
        let lane = ClientStream(self, worker: worker)
        HTTPConnection.start(on: lane, of: self)
        return lane
    }

    /// A head that is not looked at: its stream is answered here.
    private func refuse(_ stream: HTTP2Stream, status: Int, _ reason: Reason, ends: Bool) {
        listener.metrics.counts.requests &+= 1
        record(reason)
        scratch.encoded.clear()
        session.encoder.begin(scratch.encoded)
        session.encoder.status(status, to: scratch.encoded)
        sendEncodedHead(stream, ends: true)
        if !ends { reset(stream, .noError) }
    }

    override func wasReset(_ stream: HTTP2Stream, _ code: HTTP2Code, _ fault: HTTP2Fault?) {
        if fault != nil { record(.badRequest) }
        lane(of: stream)?.broken()
    }

    override func failed(_ fault: HTTP2Fault) {
        record(fault.code == .enhanceYourCalm ? .clientFlood : .protocolViolation)
    }

    /// What went wrong with the connection, for the log.
    private func record(_ reason: Reason) {
        listener.metrics.counts.sessions.record(reason)
        guard runtime.isRecording, !listener.isAdmin else { return }
        var record = AccessRecord()
        record.kind = .session
        record.time = worker.wallClock
        unsafe record.listener = listener.recordName.bytes
        record.client = client
        record.reason = reason
        runtime.record(record)
    }

    // MARK: time

    override var tick: Interval {
        let timeouts = listener.timeouts
        let least = min(timeouts.header, timeouts.idle, timeouts.body, .seconds(10))
        return max(.milliseconds(20), Interval(nanoseconds: least.nanoseconds / 2))
    }

    /// Without a word for that long while streams are open, the client is asked whether it is there.
    private static let silence = Interval.seconds(45)

    override func look() {
        let now = worker.now
        switch phase {
        case .closed: return
        case .lingering: return close()
        case .open: break
        }
        if !socket.isOpen { return close() }
        let timeouts = listener.timeouts
        if out != nil, now - progressed > timeouts.body {
            record(.bodyTimeout)
            socket.reset()
            return close()
        }
        if let asked, now - asked > .seconds(15) {
            record(.clientGone)
            return close()
        }
        if input != nil || !session.hasPeerSettings, now - heard > timeouts.header {
            record(.headerTimeout)
            return goAway()
        }
        if let drainBegan, session.goneAway == 0x7fff_ffff, now - drainBegan >= .seconds(1) {
            session.goAway(output(), last: session.lastPeerStream)
            scheduleFlush()
            closeIfIdle()
        }
        endAnsweredStreams()
        if session.streamCount == 0, now - max(idleSince, heard) > timeouts.idle { return goAway() }
        if session.streamCount > 0, now - heard > Self.silence { ask() }
        if case .open = phase { setDeadline(now + (drainBegan == nil ? tick : min(tick, .milliseconds(250)))) }
    }

    /// RFC 9113 section 6.8: first that no more streams are welcome, a moment later which were the last.
    override func drain() {
        guard listener.isDraining, case .open = phase, drainBegan == nil else { return }
        drainBegan = worker.now
        if session.streamCount == 0, busyLanes == 0 { return goAway() }
        session.goAway(output())
        scheduleFlush()
        setDeadline(worker.now + min(tick, .milliseconds(250)))
    }
}
