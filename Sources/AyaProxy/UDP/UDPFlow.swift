internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// One client's datagrams to one server and back, until neither has sent for the idle time.
///
/// It has a socket of its own, connected to the server: the server tells flows apart by its port, and the kernel
/// reports on it when the server is not there. Nothing else is held; a flow costs a few hundred bytes.
final class UDPFlow: Waiter, DatagramReceiver {
    let client: SocketAddress
    /// The address of ours that the client sent to, when there are several.
    let local: SocketAddress?
    private unowned let listener: UDPListener
    /// Its server's, which may have been another's since.
    private(set) var pool: PoolRuntime
    private(set) var server: ServerRuntime
    private(set) var socket: DatagramSocket
    private var lease: ClientLease?
    let start: Instant
    /// From the client, and for it.
    var bytesReceived: UInt64 = 0
    var bytesSent: UInt64 = 0
    /// Servers that it was given to.
    private(set) var attempts = 1
    private(set) var pace = AnswerPace()

    init(
        client: SocketAddress, local: SocketAddress?, pool: PoolRuntime, server: ServerRuntime,
        socket: DatagramSocket, listener: UDPListener, lease: consuming ClientLease
    ) {
        self.client = client
        self.local = local
        self.pool = pool
        self.server = server
        self.socket = socket
        self.listener = listener
        self.lease = consume lease
        start = listener.worker.now
        super.init(worker: listener.worker)
        socket.receiver = self
    }

    func datagramsWait() { listener.collect(from: self) }

    override func parkedTimeout() { listener.end(self, .idleTimeout) }

    /// A reception from the server brought this many slots.
    func received(_ count: Int) {
        guard pace.step != .trains else { return }
        pace.note(count)
        if pace.step == .trains { socket.acceptTrains() }
    }

    /// Goes on with another server.
    func move(to server: ServerRuntime, of pool: PoolRuntime, _ socket: DatagramSocket) {
        self.socket.close()
        self.socket = socket
        self.pool = pool
        self.server = server
        attempts &+= 1
        socket.receiver = self
        pace = AnswerPace()
    }

    /// To be called by the listener, which has taken it out of its table.
    func close() {
        retire()
        socket.close()
        lease = nil
    }
}
