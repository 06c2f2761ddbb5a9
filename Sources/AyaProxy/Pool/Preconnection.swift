internal import AyaCore
internal import AyaReactor

/// Opens connections to one server before anybody needs them, and leaves them with those that wait. One after the
/// other, so that a server meets no burst of handshakes; the first that fails ends it.
final class Preconnection: Waiter {
    private let server: ServerRuntime
    private let wanted: Int
    private let patience: Interval

    init(_ server: ServerRuntime, wanted: Int, patience: Interval, worker: Worker) {
        self.server = server
        self.wanted = wanted
        self.patience = patience
        super.init(worker: worker)
    }

    override func parkedEvent() {}

    override func serve() async {
        var made = 0
        // Each counts once, however fast others take them.
        while made < wanted, server.idle.count < wanted {
            made += 1
            guard let socket = try? await server.connectForExchange(waiter: self, deadline: worker.now + patience)
            else { break }
            server.put(socket)
            // One bears many exchanges.
            if socket.isVirtual { break }
        }
        park(until: .distantFuture)
        retire()
    }
}

extension PoolRuntime {
    /// Has so many connections wait for each server that takes work, no more than the pool keeps.
    package func connectAhead(_ count: Int) {
        // With a header of its own for each client, a connection is of use to nobody else.
        guard proxyProtocol == nil else { return }
        for server in servers where board.holds(server.index).isEmpty && board.weight(server.index) > 0 {
            let wanted = min(count, server.idle.limit, server.limit?.maximum ?? .max)
            guard server.idle.count < wanted, server.shared?.idleCount ?? 0 == 0 else { continue }
            Preconnection(server, wanted: wanted, patience: timeouts.connect, worker: worker).startServing()
        }
    }
}
