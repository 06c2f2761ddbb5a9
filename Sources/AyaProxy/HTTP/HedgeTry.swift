internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// The second try of an exchange whose first is slow. It never waits itself: the exchange's task looks at both.
final class HedgeTry {
    let server: ServerRuntime
    let began: Instant
    let isReused: Bool
    private(set) var socket: Socket?
    /// What of the request the socket has not taken yet.
    private(set) var unsent: Buffer?
    /// The beginning of the response.
    private(set) var answer: Buffer?
    private(set) var sent: Instant
    private var isConnecting: Bool
    private let worker: Worker

    enum Progress {
        case waiting
        /// The response has begun; `answer` holds its first bytes.
        case answered
        case failed(Reason)
    }

    init(server: ServerRuntime, socket: Socket, isReused: Bool, request: Buffer, worker: Worker) {
        self.server = server
        self.socket = socket
        self.isReused = isReused
        self.worker = worker
        unsent = request
        began = worker.now
        sent = worker.now
        isConnecting = !socket.isWritable
    }

    /// Goes on as far as the socket allows.
    /// - Parameter headroom: bytes to leave free in front of the response.
    func advance(headroom: Int) -> Progress {
        guard let socket else { return .failed(.internal) }
        if isConnecting {
            guard socket.isWritable else { return .waiting }
            isConnecting = false
            if socket.isBroken, let error = socket.pendingError() {
                server.metrics.counts.connectFailures &+= 1
                return .failed(error.isRefused ? .connectRefused : .connectFailed)
            }
        }
        while let out = unsent {
            switch socket.send(from: out) {
            case .bytes(let count): server.metrics.counts.bytesSent &+= UInt64(count)
            case .wouldBlock: return .waiting
            case .end, .failed: return .failed(.upstreamReset)
            }
            if out.isEmpty {
                worker.buffers.give(out)
                unsent = nil
                sent = worker.now
            }
        }
        guard socket.isReadable else { return .waiting }
        let buffer = worker.buffers.takeLarge()
        buffer.clear(headroom: headroom)
        switch socket.receive(into: buffer) {
        case .bytes:
            answer = buffer
            return .answered
        case .wouldBlock:
            worker.buffers.give(buffer)
            return .waiting
        case .end, .failed:
            worker.buffers.give(buffer)
            return .failed(.upstreamClosed)
        }
    }

    /// Hands over what it holds; whoever takes it closes the socket and gives back the buffers.
    func takeAll() -> (socket: Socket?, unsent: Buffer?, answer: Buffer?) {
        defer {
            socket = nil
            unsent = nil
            answer = nil
        }
        return (socket, unsent, answer)
    }
}
