internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// An HTTP/2 connection in the making. Exchanges that come meanwhile get lanes that wait for it, instead of each
/// making a connection of its own.
final class HTTP2Dial: Waiter {
    private let server: ServerRuntime
    private let shared: SharedConnections
    private var lanes: [ServerStream] = []

    init(_ server: ServerRuntime, _ shared: SharedConnections, worker: Worker) {
        self.server = server
        self.shared = shared
        super.init(worker: worker)
    }

    var hasRoom: Bool { lanes.count < min(shared.most, shared.borne) }

    func lend() -> Socket? {
        let lane = ServerStream(nil, worker: worker, isSecure: server.isSecure)
        lanes.append(lane)
        return lane.socket
    }

    override func serve() async {
        let result: Result<Socket, ConnectFailure>
        do {
            let socket = try await server.connect(waiter: self, deadline: worker.now + shared.timeouts.connect)
            result = server.speaksHTTP2(socket) ? .success(socket) : .failure(refused(socket))
        } catch {
            result = .failure(error)
        }
        retire()
        shared.ended(self)
        switch result {
        case .success(let socket):
            let connection = shared.adopt(socket)
            for lane in lanes where lane.socket != nil { connection.adopt(lane) }
            connection.begin()
        case .failure(let failure): for lane in lanes { lane.fail(failure) }
        }
        lanes = []
    }

    /// RFC 9113 section 3.3: over TLS a server says that it speaks HTTP/2, or it does not.
    private func refused(_ socket: Socket) -> ConnectFailure {
        socket.close()
        server.metrics.counts.connectFailures &+= 1
        return ConnectFailure(reason: .tlsHandshakeFailed, cause: nil)
    }
}
