internal import AyaCore
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// Connections as exchanges use them: one after the other on a connection of HTTP/1.1, or many at once on one of
/// HTTP/2, whose streams look like connections too.
extension ServerRuntime {
    /// One that stands and nobody uses; nil when there is none.
    func take() -> Socket? {
        if let shared, let stream = shared.take() { return stream }
        return idle.take()
    }

    /// Whatever ran on it is over, and another exchange may have it.
    func put(_ socket: Socket) {
        if let stream = ServerStream.lane(of: socket) { stream.giveBack() } else { idle.put(socket) }
    }

    /// The end of its use.
    func close(_ socket: Socket) {
        if !socket.isVirtual { metrics.counts.connectionsOpen &-= 1 }
        socket.close()
    }

    /// Makes a new connection, or joins one that is being made.
    func connectForExchange(waiter: Waiter, deadline: Instant) async throws(ConnectFailure) -> Socket {
        if let shared {
            if shared.isCertain { return try await join(shared, waiter, until: deadline) }
            let socket = try await connect(waiter: waiter, deadline: deadline)
            let isHTTP2 = speaksHTTP2(socket)
            shared.learned(isHTTP2: isHTTP2)
            if isHTTP2 {
                let connection = shared.adopt(socket)
                connection.begin()
                return try lent(connection.lend(), to: waiter)
            }
            metrics.counts.connectionsOpen &+= 1
            return socket
        }
        let socket = try await connect(waiter: waiter, deadline: deadline)
        metrics.counts.connectionsOpen &+= 1
        return socket
    }

    private func join(
        _ shared: SharedConnections, _ waiter: Waiter, until deadline: Instant
    ) async throws(ConnectFailure) -> Socket {
        let socket = try lent(shared.take() ?? shared.open(self, worker: waiter.worker), to: waiter)
        while !socket.isWritable {
            guard await waiter.wait(until: deadline) else {
                socket.close()
                throw ConnectFailure(reason: .connectTimeout, cause: nil)
            }
        }
        if let failure = ServerStream.lane(of: socket)?.connectFailure {
            socket.close()
            throw failure
        }
        return socket
    }

    private func lent(_ socket: Socket?, to waiter: Waiter) throws(ConnectFailure) -> Socket {
        guard let socket else { throw ConnectFailure(reason: .internal, cause: nil) }
        socket.waiter = waiter
        return socket
    }

    /// Begins to; it stands, or has failed, when its socket is writable.
    func openForExchange(waiter: Waiter) throws(ConnectFailure) -> Socket {
        if let shared, shared.isCertain { return try lent(shared.open(self, worker: waiter.worker), to: waiter) }
        let socket = try open(waiter: waiter)
        metrics.counts.connectionsOpen &+= 1
        return socket
    }

    /// Whether HTTP/2 was agreed with TLS, or without it is known to be spoken.
    func speaksHTTP2(_ socket: Socket) -> Bool {
        guard isSecure else { return shared?.isCertain == true }
        return (socket.layer as? TLSConnection)?.speaksHTTP2 == true
    }
}
