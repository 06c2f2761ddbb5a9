internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// Reads the PROXY protocol header that a load balancer before Aya puts in front of a connection.
enum ProxyHeaderReader {
    enum Outcome {
        /// The client that the header names, nil when it names none, and what came behind the header.
        case header(SocketAddress?, Buffer)
        case failed(Reason)
    }

    static func read(from socket: Socket, waiter: Waiter, deadline: Instant) async -> Outcome {
        let buffers = waiter.worker.buffers
        let buffer = buffers.takeLarge()
        while true {
            switch unsafe ProxyProtocol.parse(buffer.unread.span) {
            case .header(let source, _, let byteCount, _):
                buffer.consume(byteCount)
                return .header(source, buffer)
            case .absent, .invalid:
                buffers.give(buffer)
                return .failed(.proxyProtocolInvalid)
            case .incomplete: break
            }
            switch socket.receive(into: buffer) {
            case .bytes: continue
            case .wouldBlock:
                if await waiter.wait(until: deadline) { continue }
                buffers.give(buffer)
                return .failed(.headerTimeout)
            case .end, .failed:
                buffers.give(buffer)
                return .failed(.clientGone)
            }
        }
    }
}
