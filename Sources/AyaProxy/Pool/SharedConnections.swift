internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// Connections of HTTP/2 to one server, each shared by many exchanges of a worker at once.
///
/// An exchange goes to the connection with the fewest; another connection is made when all are full.
final class SharedConnections {
    let metrics: ServerMetrics
    private(set) var timeouts: PoolRuntime.Timeouts
    let scratch: HTTP2Scratch
    /// Streams at once on one connection.
    private(set) var most: Int
    /// What the configuration says that servers speak.
    let spoken: Blueprint.ServerProtocol
    /// The server speaks HTTP/2 for certain, so that exchanges can wait for a connection that is being made.
    private(set) var isCertain: Bool
    /// How many the server bears, as its latest settings say.
    private(set) var borne = Int.max
    private var connections: [HTTP2ServerConnection] = []
    private var dials: [HTTP2Dial] = []
    /// The server has left the configuration: what is still made for exchanges ends with them.
    private(set) var isClosed = false

    /// Nil where servers speak HTTP/1.1.
    init?(
        _ blueprint: Blueprint.Pool, _ timeouts: PoolRuntime.Timeouts, _ metrics: ServerMetrics,
        _ scratch: HTTP2Scratch
    ) {
        switch blueprint.serverProtocol {
        case .http: return nil
        case .h2: isCertain = true
        case .auto: isCertain = false
        }
        spoken = blueprint.serverProtocol
        most = blueprint.streamsPerConnection
        self.timeouts = timeouts
        self.metrics = metrics
        self.scratch = scratch
    }

    /// Connections that serve nobody.
    var idleCount: Int { connections.count { $0.busyLanes == 0 } }

    /// A stream of a connection that stands; nil when none has room.
    func take() -> Socket? {
        var best: HTTP2ServerConnection?
        for connection in connections where connection.hasRoom {
            if connection.busyLanes < best?.busyLanes ?? .max { best = connection }
        }
        return best?.lend()
    }

    /// A stream of a connection that is being made.
    func open(_ server: ServerRuntime, worker: Worker) -> Socket? {
        if let dial = dials.first(where: { $0.hasRoom }) { return dial.lend() }
        let dial = HTTP2Dial(server, self, worker: worker)
        dials.append(dial)
        defer { dial.startServing() }
        return dial.lend()
    }

    /// A connection on which HTTP/2 was agreed.
    func adopt(_ socket: Socket) -> HTTP2ServerConnection {
        let connection = HTTP2ServerConnection(socket, of: self, isSecure: socket.layer != nil)
        connections.append(connection)
        return connection
    }

    func noteLimit(_ streams: Int) { borne = max(1, streams) }

    /// What was agreed with TLS, where that decides.
    func learned(isHTTP2: Bool) { isCertain = isHTTP2 }

    func ended(_ connection: HTTP2ServerConnection) { connections.removeAll { $0 === connection } }
    func ended(_ dial: HTTP2Dial) { dials.removeAll { $0 === dial } }

    /// Nothing new: each connection closes when what runs on it has ended.
    func dropAll() { for connection in connections { connection.retireGently() } }

    /// The same for connections that are still being made: the server has left the configuration.
    func closeForGood() {
        isClosed = true
        dropAll()
    }

    /// As the pool is configured from now on.
    func setBounds(_ blueprint: Blueprint.Pool, _ timeouts: PoolRuntime.Timeouts) {
        most = blueprint.streamsPerConnection
        self.timeouts = timeouts
    }
}
