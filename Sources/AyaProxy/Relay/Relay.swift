package import AyaCore
package import AyaReactor
package import AyaTelemetry

/// Carries bytes both ways between a client and a server until both have ended: the body of every TCP session and of
/// every upgraded HTTP connection.
///
/// It is no task: it stays parked for life and pumps both directions synchronously whenever an event comes, so an
/// idle session is this object and its two sockets. Each side's end of stream is passed on to the other (half-close);
/// an error resets the other side, so that nobody takes a cut stream for a whole one.
package final class Relay: Waiter {
    private let client: Socket
    private let server: Socket
    private let idle: Interval
    private var toServer: RelayDirection
    private var toClient: RelayDirection
    private let listenerMetrics: ListenerMetrics?
    private let serverMetrics: ServerMetrics?
    private var onEnd: ((RelayOutcome) -> Void)?

    /// Takes over two connected sockets and begins at once. `fromClient` and `fromServer` are bytes that were read
    /// already, in buffers lent by the worker. `idle`: the session ends after that long without a byte either way.
    /// `onEnd` is called exactly once, after both sockets are closed; possibly before `start` returns.
    @discardableResult
    package static func start(
        client: Socket, server: Socket, fromClient: Buffer?, fromServer: Buffer?, idle: Interval,
        listenerMetrics: ListenerMetrics? = nil, serverMetrics: ServerMetrics? = nil,
        onEnd: @escaping (RelayOutcome) -> Void
    ) -> Relay {
        let relay = Relay(
            client: client, server: server, fromClient: fromClient, fromServer: fromServer, idle: idle,
            listenerMetrics: listenerMetrics, serverMetrics: serverMetrics, onEnd: onEnd)
        client.waiter = relay
        server.waiter = relay
        relay.setDeadline(client.worker.now + idle)
        relay.pump()
        return relay
    }

    private init(
        client: Socket, server: Socket, fromClient: Buffer?, fromServer: Buffer?, idle: Interval,
        listenerMetrics: ListenerMetrics?, serverMetrics: ServerMetrics?, onEnd: @escaping (RelayOutcome) -> Void
    ) {
        self.client = client
        self.server = server
        self.idle = idle
        self.listenerMetrics = listenerMetrics
        self.serverMetrics = serverMetrics
        self.onEnd = onEnd
        toServer = RelayDirection(leftover: fromClient)
        toClient = RelayDirection(leftover: fromServer)
        super.init(worker: client.worker)
    }

    /// Cuts the session, for a drain whose grace is over.
    package func close(_ reason: Reason) { end(reason, cut: true) }

    package override func parkedEvent() {
        if onEnd != nil { pump() }
    }

    package override func parkedTimeout() {
        if onEnd != nil { end(.idleTimeout, cut: !toServer.isEmpty || !toClient.isEmpty) }
    }

    private func pump() {
        let before = (toServer.bytes, toClient.bytes)
        let upwards = toServer.pump(from: client, to: server, lending: worker)
        let downwards = toClient.pump(from: server, to: client, lending: worker)
        count(up: toServer.bytes &- before.0, down: toClient.bytes &- before.1)
        switch (upwards, downwards) {
        case (.readFailed, _), (_, .writeFailed): return end(.clientGone, cut: true)
        case (_, .readFailed), (.writeFailed, _): return end(.upstreamReset, cut: true)
        case (.shareUsed, _), (_, .shareUsed): worker.wakeNextTurn(self)
        case (.blocked, .blocked): break
        }
        if toServer.isDone, toClient.isDone { return end(.ok, cut: false) }
        // A side that has ended its direction is not read any more; only the event tells that it is gone altogether.
        if toServer.hasEnded, client.isBroken { return end(.clientGone, cut: true) }
        if toClient.hasEnded, server.isBroken { return end(.upstreamReset, cut: true) }
    }

    private func count(up: UInt64, down: UInt64) {
        guard up | down != 0 else { return }
        setDeadline(worker.now + idle)
        if let listenerMetrics {
            listenerMetrics.counts.bytesReceived &+= up
            listenerMetrics.counts.bytesSent &+= down
        }
        if let serverMetrics {
            serverMetrics.counts.bytesSent &+= up
            serverMetrics.counts.bytesReceived &+= down
        }
    }

    /// `cut`: somebody has not had everything; a reset tells so.
    private func end(_ reason: Reason, cut: Bool) {
        guard let onEnd else { return }
        self.onEnd = nil
        retire()
        toServer.abandon(to: worker)
        toClient.abandon(to: worker)
        if cut {
            client.reset()
            server.reset()
        } else {
            client.close()
            server.close()
        }
        onEnd(RelayOutcome(toServer: toServer.bytes, toClient: toClient.bytes, reason: reason))
    }
}
