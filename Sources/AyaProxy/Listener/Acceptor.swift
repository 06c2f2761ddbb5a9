internal import AyaConfig
internal import AyaCore
package import AyaReactor
package import AyaTelemetry

/// Takes the new connections of one listener on one worker, and hands each to its protocol.
///
/// When the process has no descriptor to spare it pauses and looks again a moment later: clients wait in the kernel's
/// queue, and those that are here keep being served.
package final class Acceptor: Waiter, ConnectionAcceptor {
    private let socket: ListeningSocket
    private var listener: ListenerRuntime
    private let runtime: Runtime
    private let log: Log
    private var isPaused = false

    /// How many connections are taken before others have their turn.
    private static let batch = 128
    private static let pause = Interval.milliseconds(50)

    package init(_ socket: ListeningSocket, listener: ListenerRuntime, runtime: Runtime, log: Log) {
        self.socket = socket
        self.listener = listener
        self.runtime = runtime
        self.log = log
        super.init(worker: runtime.worker)
        socket.acceptor = self
    }

    /// What listens, to be handed over to another process.
    package var descriptor: Int32 { socket.descriptor }

    /// The configuration has another listener at this address now: it gets the connections that come.
    package func accept(for next: ListenerRuntime) { listener = next }

    package func connectionsWait() { accept() }
    package override func parkedEvent() { accept() }

    package override func parkedTimeout() {
        isPaused = false
        accept()
    }

    /// Takes what waits in the queue, so that nobody who got through is turned away, and closes.
    package func stop() {
        accept(untilEmpty: true)
        socket.close()
        retire()
    }

    private func accept(untilEmpty: Bool = false) {
        guard !isPaused else { return }
        var taken = 0
        while taken < Self.batch || untilEmpty {
            guard listener.gate.mayAccept else { return pause("clients hold all descriptors that they may") }
            switch socket.accept() {
            case .connection(let descriptor, let client): hand(descriptor, client)
            case .none: return
            case .aborted: break
            case .failed(let error): return pause("\(error)")
            }
            taken += 1
        }
        worker.wakeNextTurn(self)
    }

    private func hand(_ descriptor: Int32, _ client: SocketAddress?) {
        guard let lease = listener.gate.enter(client?.ip) else {
            listener.metrics.counts.connectionsRefused &+= 1
            Socket(descriptor, worker: worker).reset()
            return
        }
        listener.metrics.counts.connectionsAccepted &+= 1
        switch listener.kind {
        case .http:
            HTTPConnection.start(descriptor, client: client, listener: listener, runtime: runtime, lease: lease)
        case .tcp:
            TCPSession.start(descriptor, peer: client, listener: listener, runtime: runtime, lease: lease)
        case .udp: Socket(descriptor, worker: worker).close()
        }
    }

    private func pause(_ cause: String) {
        isPaused = true
        listener.metrics.counts.acceptPauses &+= 1
        log.warning("accept paused", ["listener": listener.name, "cause": cause])
        setDeadline(worker.now + Self.pause)
    }
}
