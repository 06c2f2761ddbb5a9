internal import AyaCore
internal import AyaReactor
internal import AyaTLS

/// A connection of one probe: opened, used and closed by it before its deadline.
///
/// Probes of health do not keep connections: a server that takes no new ones is not well, however its old ones do.
/// Polls of its load, which may be many a second, do.
final class ProbeConnection {
    private let socket: Socket
    /// It was agreed on with TLS.
    private(set) var speaksHTTP2 = false
    private let asker: Waiter
    /// Of what is asked at present.
    var deadline: Instant

    /// Connects; with `tls` it shakes hands too, and so finds out what is wrong with the server's certificate.
    init(
        _ endpoint: BoundEndpoint, tls: TLSTarget? = nil, _ asker: Waiter, until deadline: Instant
    ) async throws(ProbeFailure) {
        let started: (descriptor: Int32, pending: Bool)
        do {
            started = try endpoint.connect()
        } catch {
            throw ProbeFailure(error)
        }
        socket = Socket(started.descriptor, worker: asker.worker, isWritable: !started.pending)
        self.asker = asker
        self.deadline = deadline
        socket.waiter = asker
        while !socket.isWritable {
            guard await asker.wait(until: deadline) else {
                socket.reset()
                throw .unconnected
            }
        }
        if socket.isBroken, let error = socket.pendingError() {
            socket.close()
            throw ProbeFailure(error)
        }
        if let tls { try await shakeHands(tls) }
    }

    private func shakeHands(_ target: TLSTarget) async throws(ProbeFailure) {
        let connection: TLSConnection
        do {
            connection = try target.connect(socket)
        } catch {
            socket.close()
            throw ProbeFailure("TLS: \(error)")
        }
        switch await connection.shakeHands(on: socket, asker, until: deadline) {
        case .done: speaksHTTP2 = connection.speaksHTTP2
        case .waiting:
            socket.reset()
            throw .late
        case .failed(let failure):
            socket.close()
            throw ProbeFailure("TLS: \(failure)")
        }
    }

    /// Takes over a descriptor that is connected already: of datagrams, each of which is one `receive`.
    init(_ descriptor: Int32, _ asker: Waiter, until deadline: Instant) {
        socket = Socket(descriptor, worker: asker.worker)
        self.asker = asker
        self.deadline = deadline
        socket.waiter = asker
    }

    /// Sends all of the bytes.
    func send(_ bytes: [UInt8]) async throws(ProbeFailure) {
        let buffer = Buffer(capacity: max(1, bytes.count))
        buffer.append(bytes)
        while !buffer.isEmpty {
            switch socket.send(from: buffer) {
            case .bytes, .end: break
            case .failed(let error): throw ProbeFailure(error)
            case .wouldBlock: guard await asker.wait(until: deadline) else { throw .late }
            }
        }
    }

    /// Waits for more bytes behind those in the buffer, which must have room; false when the server has ended.
    func receive(into buffer: Buffer) async throws(ProbeFailure) -> Bool {
        while true {
            switch socket.receive(into: buffer) {
            case .bytes: return true
            case .end: return false
            case .failed(let error): throw ProbeFailure(error)
            case .wouldBlock: guard await asker.wait(until: deadline) else { throw .late }
            }
        }
    }

    /// More datagrams may wait than the socket has told of: it takes a short one for the last.
    func lookAgain() { socket.lookAgain() }

    func close() { socket.close() }

    /// Without the orderly end that leaves the connection to the kernel for another minute.
    func reset() { socket.reset() }
}
