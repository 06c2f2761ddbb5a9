internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// Connections to one server that wait for their next exchange, newest first.
///
/// A server may close one at any time. The event marks the socket, and the connection is dropped at once rather than
/// found broken by the request that would have used it.
final class IdleConnections: Waiter {
    private var sockets: [(socket: Socket, since: Instant)] = []
    private(set) var limit: Int
    private var timeout: Interval
    private let metrics: ServerMetrics

    init(limit: Int, timeout: Interval, metrics: ServerMetrics, worker: Worker) {
        self.limit = limit
        self.metrics = metrics
        self.timeout = timeout
        super.init(worker: worker)
    }

    var count: Int { sockets.count }

    func setBounds(limit: Int, timeout: Interval) {
        self.limit = limit
        self.timeout = timeout
        while sockets.count > limit { close(sockets.removeFirst().socket) }
    }

    /// The server has left its pool: nothing is kept any more.
    func closeForGood() { setBounds(limit: 0, timeout: .zero) }

    /// A connection that was alive when the loop last looked.
    func take() -> Socket? {
        while let (socket, _) = sockets.popLast() {
            socket.settle()
            if !socket.isReadable, !socket.isHungUp { return socket }
            close(socket)
        }
        return nil
    }

    func put(_ socket: Socket) {
        guard sockets.count < limit else { return close(socket) }
        socket.waiter = self
        sockets.append((socket, worker.now))
    }

    /// A server closed a connection, or sent bytes nobody asked for: both end its use.
    override func parkedEvent() {
        drop { entry in
            entry.socket.settle()
            return entry.socket.isReadable || entry.socket.isHungUp
        }
    }

    func dropExpired() {
        guard let oldest = sockets.first, worker.now - oldest.since > timeout else { return }
        drop { worker.now - $0.since > timeout }
    }

    func dropAll() { drop { _ in true } }

    private func drop(where condemned: ((socket: Socket, since: Instant)) -> Bool) {
        for entry in sockets where condemned(entry) { close(entry.socket) }
        sockets.removeAll { !$0.socket.isOpen }
    }

    private func close(_ socket: Socket) {
        socket.close()
        metrics.counts.connectionsOpen &-= 1
    }
}
