internal import AyaCore
internal import AyaReactor
internal import AyaTLS

/// A conversation with a service, as straight-line code on the thread of calls: what those by HTTP and those by SMTP have
/// in common.
class Conversation: Waiter {
    /// Who the other side is, in messages and in its certificate.
    let name: String
    /// When patience ends, with whatever is going on.
    private var limit = Instant.distantFuture
    private let patience: Interval

    init(with name: String, patience: Interval, worker: Worker) {
        self.name = name
        self.patience = patience
        super.init(worker: worker)
    }

    override final func serve() async {
        limit = worker.now + patience
        await converse()
        park(until: .distantFuture)
        retire()
    }

    override final func parkedEvent() {}

    /// The conversation itself, whatever comes of it.
    func converse() async {}

    private var late: CallFault { CallFault("\(name) does not answer") }

    final func connect(to endpoint: BoundEndpoint) async throws(CallFault) -> Socket {
        let started: (descriptor: Int32, pending: Bool)
        do throws(SystemError) {
            started = try endpoint.connect()
        } catch {
            throw CallFault("\(name): \(error)")
        }
        let socket = Socket(started.descriptor, worker: worker, isWritable: !started.pending)
        socket.waiter = self
        do throws(CallFault) {
            while !socket.isWritable {
                guard await wait(until: limit) else { throw late }
            }
            if socket.isBroken, let error = socket.pendingError() { throw CallFault("\(name): \(error)") }
        } catch {
            socket.close()
            throw error
        }
        return socket
    }

    /// From here on the socket speaks TLS, with a service whose certificate is of its name.
    final func secure(
        _ socket: Socket, trust: CallTrust, isAddress: Bool, sessions: TLSSessions
    ) async throws(CallFault) {
        let tls: TLSConnection
        do throws(TLSFailure) {
            tls = try TLSTarget(trust.context, name: name, isAddress: isAddress).connect(socket, sessions: sessions)
        } catch {
            throw CallFault("\(name): \(error)")
        }
        switch await tls.shakeHands(on: socket, self, until: limit) {
        case .done: return
        case .waiting: throw late
        case .failed(let failure): throw CallFault("\(name): \(failure)")
        }
    }

    /// All that is in the buffer.
    final func send(_ buffer: Buffer, on socket: Socket) async throws(CallFault) {
        while !buffer.isEmpty {
            switch socket.send(from: buffer) {
            case .bytes, .end: break
            case .failed(let error): throw CallFault("\(name): \(error)")
            case .wouldBlock: guard await wait(until: limit) else { throw late }
            }
        }
    }

    /// Waits until more has come; false at the stream's end.
    final func receive(into buffer: Buffer, on socket: Socket) async throws(CallFault) -> Bool {
        guard buffer.room > 0 else { throw CallFault("the answer of \(name) is too long") }
        while true {
            switch socket.receive(into: buffer) {
            case .bytes: return true
            case .end: return false
            case .failed(let error): throw CallFault("\(name): \(error)")
            case .wouldBlock: guard await wait(until: limit) else { throw late }
            }
        }
    }
}

/// Certificates that a service's own must lead to.
package struct CallTrust: Sendable {
    let context: ClientContext

    /// - Parameter file: nil: what the system trusts.
    /// - Parameter protocols: what is offered by ALPN.
    package init(file: String?, protocols: [String] = []) throws(CallFault) {
        var settings = ClientSettings()
        settings.protocols = protocols
        if let file { settings.verification = .file(file) }
        do {
            context = try ClientContext(settings)
        } catch {
            throw CallFault("\(error)")
        }
    }
}
