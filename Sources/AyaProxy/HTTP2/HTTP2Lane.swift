internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// One lane of an HTTP/2 connection: a socket without a descriptor, which carries one stream after another as if each
/// were a message and its answer on a kept-alive connection of HTTP/1.1.
///
/// So everything that happens to an exchange of HTTP/1.1 happens to one of HTTP/2 too, by the same code. What differs
/// stands here and in the two kinds of lanes, those of clients and those of servers: frames.
class HTTP2Lane: SocketLayer {
    /// Nil before there is a connection, and when it is gone.
    final var connection: HTTP2Connection?
    final let worker: Worker
    final private(set) var socket: Socket?
    /// The stream that is served; nil between two.
    final var stream: HTTP2Stream?
    final var inbound = InboundMessage()
    final var isTunnel = false
    /// What is written begins with a head.
    final var awaitsHead = true
    final var body = OutboundBody.none
    /// Nothing comes behind this stream.
    final var isLast = false
    /// The stream is gone: whoever still works for it learns it at the next read or write.
    final var isReset = false
    /// Somebody uses the lane.
    final var isBusy = false
    /// Waits for its turn, or has it.
    final var isWaiting = false
    final var hasTurn = false

    init(_ connection: HTTP2Connection?, worker: Worker, isWritable: Bool = true) {
        self.connection = connection
        self.worker = worker
        socket = Socket(virtual: self, worker: worker, isWritable: isWritable)
    }

    final var urgency: UInt8 { stream?.priority.urgency ?? 3 }
    final var isIncremental: Bool { stream?.priority.isIncremental ?? false }

    // MARK: from the connection

    final func received(_ bytes: UnsafeBufferPointer<UInt8>, ends: Bool) {
        unsafe inbound.append(bytes, lending: worker)
        if ends { inbound.end() }
        socket?.signal(readable: true)
    }

    final func receivedTrailers(_ trailers: Buffer) {
        inbound.end(trailers: trailers)
        socket?.signal(readable: true)
    }

    /// More may be sent.
    final func windowOpened() { socket?.signal(writable: true) }

    /// The peer gave the stream up, or the connection is gone.
    func broken() {
        isReset = true
        drop()
        socket?.signal(readable: true, writable: true, broken: true)
    }

    /// Forgets the stream; what nobody will read goes back to the connection's window.
    final func drop() {
        let unread = inbound.discard(to: worker)
        stream?.owner = nil
        stream = nil
        connection?.consumed(unread, of: nil)
    }

    // MARK: what the two kinds do differently

    enum HeadStep {
        /// The head is on its way; `ends`: it is all of the message.
        case sent(ends: Bool)
        /// It has to wait.
        case blocked
        /// What is written is no head, or one that cannot be sent.
        case invalid
    }

    /// Sends the head that the buffer begins with.
    func sendHead(from buffer: Buffer, to connection: HTTP2Connection) -> HeadStep { .invalid }

    /// All of the message has been written.
    func finished(_ stream: HTTP2Stream) {}

    /// The socket is closed while the stream goes on.
    func giveUp(_ stream: HTTP2Stream) {}

    // MARK: SocketLayer

    final var isHandshaking: Bool { false }
    /// A tunnel's end is something to be read too: it may come with the last bytes and have no event of its own.
    final var holdsBytes: Bool { !inbound.isDrained || isTunnel && inbound.isFinished }
    final func settle(on socket: Socket) {}

    final func receive(into buffer: Buffer, limit: Int, from socket: Socket) -> Transfer {
        if isReset { return .failed(.connectionReset) }
        guard let stream else { return isLast || connection == nil ? .end : .wouldBlock }
        let (count, payload) = inbound.read(into: buffer, limit: limit, lending: worker)
        if payload > 0 { connection?.consumed(payload, of: stream) }
        if count > 0 { return .bytes(count) }
        if isTunnel, inbound.isFinished { return .end }
        return .wouldBlock
    }

    final func send(from buffer: Buffer, more: Bool, to socket: Socket) -> Transfer {
        guard !isReset, let connection else { return .failed(.connectionReset) }
        let before = buffer.count
        let isGood = write(buffer, to: connection)
        let count = before - buffer.count
        if !isGood { return .failed(.connectionReset) }
        return count > 0 ? .bytes(count) : .wouldBlock
    }

    /// Writes as far as windows and buffers allow; false when what is to be written is no HTTP/1.1.
    private func write(_ buffer: Buffer, to connection: HTTP2Connection) -> Bool {
        while !buffer.isEmpty {
            if awaitsHead {
                switch sendHead(from: buffer, to: connection) {
                case .sent(ends: false): continue
                case .blocked: return true
                case .invalid: return false
                case .sent(ends: true):
                    if let stream { finished(stream) }
                    return true
                }
            }
            guard let stream, !stream.isClosed else { return false }
            let allowance = min(connection.bodyRoom(for: self), connection.session.allowance(stream))
            switch unsafe body.next(buffer.unread.span, allowance: allowance) {
            case .payload(let range, let consumed, let ends):
                unsafe connection.sendData(stream, buffer.unread.span.extracting(range), ends: ends)
                buffer.consume(consumed)
                if ends {
                    finished(stream)
                    return true
                }
            case .consumed(let count): buffer.consume(count)
            case .end(let trailers, let consumed):
                guard connection.makeRoom(for: self, trailers.count &+ 1024) else { return true }
                unsafe connection.sendTrailers(stream, buffer.unread.span.extracting(trailers))
                buffer.consume(consumed)
                finished(stream)
                return true
            case .blocked:
                // The stream's own window opens with an event of its own; everything else is waited for in turn.
                if stream.sendWindow > 0 { connection.wait(self) }
                return true
            case .invalid: return false
            }
        }
        if isIncremental { hasTurn = false }
        return true
    }

    final func endSending() {
        guard let stream, let connection, !stream.isClosed, case .tunnel = body, !awaitsHead else { return }
        connection.sendData(stream, Span(), ends: true)
        body = .none
    }

    /// The socket is closed: a stream that has not come to its end does so now.
    final func detach() {
        let wasBusy = isBusy
        isBusy = false
        if let stream { giveUp(stream) }
        isReset = true
        drop()
        socket = nil
        connection?.left(self, wasBusy: wasBusy, isReusable: false)
        connection = nil
    }

}
