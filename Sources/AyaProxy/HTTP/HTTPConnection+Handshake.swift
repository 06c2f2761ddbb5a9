internal import AyaCore
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// What comes before the first request: who the client is, and the keys that nobody else has.
extension HTTPConnection {
    func beginConnection() async -> Ending {
        isNew = false
        let deadline = worker.now + listener.timeouts.header
        if listener.proxyProtocol, let ending = await readProxyHeader(deadline: deadline) { return ending }
        if let context = listener.tls { return await shakeHands(context, deadline: deadline) }
        return .keepAlive
    }

    /// Nil when the connection goes on.
    private func readProxyHeader(deadline: Instant) async -> Ending? {
        switch await ProxyHeaderReader.read(from: socket, waiter: self, deadline: deadline) {
        case .header(let source, let rest):
            if let source, listener.trustedProxies.isEmpty || isTrusted { client = source }
            input = rest
            return nil
        case .failed(let reason):
            recordRefusal(reason)
            return .abort
        }
    }

    private func shakeHands(_ context: ServerContext, deadline: Instant) async -> Ending {
        guard let tls = try? context.accept(socket) else {
            recordRefusal(.resourceExhausted)
            return .abort
        }
        self.tls = tls
        if let first = input {
            input = nil
            tls.preload(first)
        }
        switch await tls.shakeHands(on: socket, self, until: deadline) {
        case .done:
            listener.metrics.counts.handshakes &+= 1
            if tls.isChallenge { return .close }
            if tls.isResumed { listener.metrics.counts.handshakesResumed &+= 1 }
            if listener.identityHeader != nil { identity = tls.peerSubject }
            return .keepAlive
        case .waiting:
            recordRefusal(.headerTimeout)
            return .abort
        case .failed(let failure):
            recordRefusal(Reason(client: failure))
            // What the library had to say about it is on its way.
            return .close
        }
    }

    private func recordRefusal(_ reason: Reason) {
        listener.metrics.counts.sessions.record(reason)
        logRefusal(reason)
    }
}

extension Reason {
    /// Why a client's handshake came to nothing.
    init(client failure: TLSFailure) {
        switch failure.cause {
        case .peerGone, .broken: self = .clientGone
        case .certificate: self = .clientCertificateInvalid
        case .refused, .protocolViolation: self = .clientHandshakeFailed
        case .memory: self = .resourceExhausted
        }
    }

    /// Why a server's did.
    init(server failure: TLSFailure) {
        switch failure.cause {
        case .certificate: self = .tlsCertificateInvalid
        case .peerGone, .broken, .refused, .protocolViolation: self = .tlsHandshakeFailed
        case .memory: self = .resourceExhausted
        }
    }
}
