internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// A client's HTTP/1.1 connection: reads a request, sees its exchange through, and again.
///
/// Between exchanges it is parked and holds neither a buffer nor a task. The steps of an exchange stand in the files
/// beside this one, in the order of `docs/internals/life-of-a-request.md`.
final class HTTPConnection: Waiter {
    let socket: Socket
    let listener: ListenerRuntime
    let runtime: Runtime
    /// The client as the PROXY header or the socket names it; nil for a unix socket.
    var client: SocketAddress?
    /// Whether the peer's forwarding headers are believed.
    let isTrusted: Bool
    /// Unread bytes of the client; nil while parked.
    var input: Buffer?
    /// Nothing has been read: a PROXY protocol header or a handshake comes first.
    var isNew: Bool
    /// It serves a stream of HTTP/2 after another, of which there are more on the client's connection.
    let isLane: Bool
    /// Nil without TLS.
    var tls: TLSConnection?
    /// Whom the client's certificate names, where servers are told.
    var identity: [UInt8]?
    private var lease: ClientLease?

    private var isParked = false
    /// The exchange that waits for its answer without a task, or for a task to take it up.
    var underway: Exchange?
    /// It tells its client what happens, for as long as both want.
    var isStreaming = false
    /// The first bytes were the preface of HTTP/2.
    var isHTTP2 = false
    /// The client may still be sending something that nobody will read.
    var expectsMore = false

    /// What becomes of the connection after an exchange.
    enum Ending {
        /// Another request may follow.
        case keepAlive
        /// Close, after what was sent has had the time to arrive.
        case close
        /// The client has left: close at once.
        case gone
        /// Close with a reset: what the client got must not look whole.
        case abort
        /// The sockets belong to a tunnel now, which ends the exchange and the connection.
        case handedOver
    }

    private init(
        _ socket: Socket, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease?
    ) {
        self.socket = socket
        self.listener = listener
        self.runtime = runtime
        self.client = client
        self.lease = consume lease
        isTrusted = listener.trusts(client)
        isLane = socket.isVirtual
        isNew = !isLane && (listener.proxyProtocol || listener.tls != nil)
        super.init(worker: runtime.worker)
        socket.waiter = self
    }

    /// Takes over an accepted descriptor. No task yet: the first byte starts one.
    static func start(
        _ descriptor: Int32, client: SocketAddress?, listener: ListenerRuntime, runtime: Runtime,
        lease: consuming ClientLease
    ) {
        let socket = Socket(descriptor, worker: runtime.worker)
        let connection = HTTPConnection(
            socket, client: client, listener: listener, runtime: runtime, lease: lease)
        listener.metrics.counts.connectionsOpen &+= 1
        connection.parkHere()
    }

    /// Serves the streams that come through a lane of an HTTP/2 connection.
    static func start(on lane: ClientStream, of parent: HTTP2ClientConnection) {
        guard let socket = lane.socket else { return }
        let connection = HTTPConnection(
            socket, client: parent.client, listener: parent.listener, runtime: parent.runtime, lease: nil)
        connection.tls = parent.tls
        connection.parkHere()
    }

    /// The client speaks HTTP/2: everything that was this connection's goes to one that does too.
    func becomeHTTP2() {
        retire()
        HTTP2ClientConnection.start(
            socket, client: client, listener: listener, runtime: runtime, lease: lease.take(), tls: tls,
            input: input.take())
    }

    override func step() { advance() }

    /// What the steps left to a task: the beginning of a connection, an exchange that has to wait, or the end.
    override func serve() async {
        isParked = false
        if let exchange = underway.take() {
            leave(await takeUp(exchange))
        } else if isNew {
            let ending = await beginConnection()
            if case .keepAlive = ending, tls?.speaksHTTP2 == true { return becomeHTTP2() }
            leave(ending)
        } else {
            await closeGently()
        }
    }

    // MARK: between exchanges

    func parkHere() {
        if let buffer = input.take() { worker.buffers.give(buffer) }
        isParked = true
        if listener.isDraining, !isLane {
            // The answer before may have promised to go on, and a request may be on its way: it gets its moment.
            return park(until: worker.now + .milliseconds(100))
        }
        park(until: worker.now + listener.timeouts.idle)
    }

    /// A connection that idles closes; an exchange that waited too long, or long enough for a rival, needs a task.
    override func parkedTimeout() {
        if underway == nil { closeParked() } else { startServing() }
    }

    override func parkedEvent() {
        if underway != nil { return stepSoon() }
        // An event that only says goodbye needs no step.
        if socket.isBroken || (socket.isHungUp && !isNew && hasOnlyEnded()) { return closeParked() }
        isParked = false
        if isNew { startServing() } else { stepSoon() }
    }

    /// Looks behind a hang-up: a request may stand before it.
    private func hasOnlyEnded() -> Bool {
        let buffer = takeInput()
        switch socket.receive(into: buffer) {
        case .end, .failed: return true
        case .bytes(let count):
            noteReceived(count)
            return false
        case .wouldBlock: return false
        }
    }

    private func closeParked() {
        isParked = false
        closeNow()
    }

    /// A drain ends a connection between two exchanges, after one last look for a request that is here already.
    override func drain() {
        guard listener.isDraining else { return }
        if isStreaming { wake() }
        guard isParked else { return }
        if isNew, !socket.isReadable { return closeParked() }
        socket.lookAgain()
        parkedEvent()
    }

    /// After an exchange, or before the first: goes on, or ends.
    func leave(_ ending: Ending) {
        switch ending {
        case .keepAlive: advance()
        case .close:
            if expectsMore || socket.isReadable || input?.isEmpty == false { startServing() } else { closeNow() }
        case .gone: closeNow()
        case .abort:
            socket.reset()
            ended()
        case .handedOver: break
        }
    }

    private func closeNow() {
        socket.close()
        ended()
    }

    /// The socket is closed: gives back what the connection held.
    func ended() {
        if let buffer = input.take() { worker.buffers.give(buffer) }
        retire()
        if !isLane { listener.metrics.counts.connectionsOpen &-= 1 }
        lease = nil
    }

    /// Ends our direction and reads on for a moment: closing at once while the client still sends would reset the
    /// connection and could take our answer with it (RFC 9112 section 9.6).
    private func closeGently() async {
        socket.endSending()
        let deadline = worker.now + .seconds(2)
        let scratch = input ?? worker.buffers.takeSmall()
        input = scratch
        var discarded = 0
        reading: while discarded < 1 << 20 {
            scratch.clear()
            switch socket.receive(into: scratch) {
            case .bytes(let count): discarded += count
            case .end, .failed: break reading
            case .wouldBlock: guard await wait(until: deadline) else { break reading }
            }
        }
        closeNow()
    }
}
