internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// One lane of a client's HTTP/2 connection: a socket without a descriptor, through which an `HTTPConnection` serves
/// one stream after another as if each were a request of a kept-alive HTTP/1.1 connection.
///
/// So everything that happens to a request of HTTP/1.1 happens to one of HTTP/2 too, by the same code: routing,
/// retries, hedges, mirrors, persistence, records. What differs stands here and below: frames.
final class ClientStream: SocketLayer {
    private(set) var connection: HTTP2ClientConnection?
    private let worker: Worker
    private(set) var socket: Socket?
    /// The stream that is served; nil between two.
    private(set) var stream: HTTP2Stream?
    private var inbound = InboundMessage()
    private var isTunnel = false
    private var method = Method.other
    // The response.
    private let response = ResponseHead()
    private var awaitsHead = true
    private var body = OutboundBody.none
    /// The `HTTPConnection` will take no further request.
    private var isLast = false
    /// The stream is gone: whoever still works for it learns it at the next read or write.
    private var isReset = false
    /// From a request's head to the end of its response, or of those who work on it.
    private var isBusy = false
    /// Waits for its turn, or has it.
    var isWaiting = false
    var hasTurn = false

    init(_ connection: HTTP2ClientConnection) {
        self.connection = connection
        worker = connection.worker
        socket = Socket(virtual: self, worker: connection.worker)
    }

    var urgency: UInt8 { stream?.priority.urgency ?? 3 }
    var isIncremental: Bool { stream?.priority.isIncremental ?? false }

    // MARK: from the connection

    /// A request's head is in the block; false when it breaks the rules, which the caller tells the client.
    func begin(
        _ stream: HTTP2Stream, _ block: FieldBlock, ends: Bool, key: (UInt64, UInt64)
    ) -> Result<RequestDowngrade, HTTP2Fault> {
        var result = Result<RequestDowngrade, HTTP2Fault>.failure(HTTP2Fault(.internalError, ""))
        inbound.addHead(lending: worker) {
            result = RequestDowngrade.write(block, endsHere: ends, key: key, to: $0)
            if $0.overflowed { result = .failure(HTTP2Fault(.enhanceYourCalm, "the head is too large")) }
        }
        guard case .success(let request) = result else {
            _ = inbound.discard(to: worker)
            return result
        }
        self.stream = stream
        isBusy = true
        stream.owner = self
        method = request.method
        isTunnel = request.isTunnel
        let isPlain = request.isTunnel || request.contentLength != nil || ends
        inbound.begin(isPlain ? .plain : .chunked, hasEnded: ends)
        awaitsHead = true
        response.reset()
        return result
    }

    /// Has the request served.
    func start() { socket?.signal(readable: true, writable: true) }

    func received(_ bytes: UnsafeBufferPointer<UInt8>, ends: Bool) {
        unsafe inbound.append(bytes, lending: worker)
        if ends { inbound.end() }
        socket?.signal(readable: true)
    }

    func receivedTrailers(_ trailers: Buffer) {
        inbound.end(trailers: trailers)
        socket?.signal(readable: true)
    }

    /// More may be sent.
    func windowOpened() { socket?.signal(writable: true) }

    /// The client gave the stream up, or the connection is gone.
    func broken() {
        isReset = true
        drop()
        socket?.signal(readable: true, writable: true, broken: true)
    }

    /// Forgets the stream; what nobody will read goes back to the connection's window.
    private func drop() {
        let unread = inbound.discard(to: worker)
        stream?.owner = nil
        stream = nil
        connection?.consumed(unread, of: nil)
    }

    // MARK: SocketLayer

    var isHandshaking: Bool { false }
    var holdsBytes: Bool { !inbound.isDrained }
    func settle(on socket: Socket) {}

    func receive(into buffer: Buffer, limit: Int, from socket: Socket) -> Transfer {
        if isReset { return .failed(.connectionReset) }
        guard let stream else { return isLast || connection == nil ? .end : .wouldBlock }
        let (count, payload) = inbound.read(into: buffer, limit: limit, lending: worker)
        if payload > 0 { connection?.consumed(payload, of: stream) }
        if count > 0 { return .bytes(count) }
        if isTunnel, inbound.isFinished { return .end }
        return .wouldBlock
    }

    func send(from buffer: Buffer, more: Bool, to socket: Socket) -> Transfer {
        guard !isReset, let connection, let stream, !stream.isClosed else { return .failed(.connectionReset) }
        let before = buffer.count
        let isGood = write(buffer, stream, to: connection)
        let count = before - buffer.count
        if !isGood { return .failed(.connectionReset) }
        return count > 0 ? .bytes(count) : .wouldBlock
    }

    /// Writes as far as windows and buffers allow; false when what is to be written is no HTTP/1.1.
    private func write(_ buffer: Buffer, _ stream: HTTP2Stream, to connection: HTTP2ClientConnection) -> Bool {
        while !buffer.isEmpty {
            if awaitsHead {
                let progress = unsafe response.parse(
                    buffer.unread.span, limits: Self.headLimits, requestMethod: method)
                guard case .complete = progress else { return false }
                guard connection.makeRoom(for: self, response.byteCount &+ 2048) else { return true }
                if writeHead(buffer, stream, to: connection) { return finished(stream) }
                continue
            }
            let room = connection.bodyRoom(for: self)
            let allowance = min(room, connection.session.allowance(stream))
            switch unsafe body.next(buffer.unread.span, allowance: allowance) {
            case .payload(let range, let consumed, let ends):
                unsafe connection.sendData(stream, buffer.unread.span.extracting(range), ends: ends)
                buffer.consume(consumed)
                if ends { return finished(stream) }
            case .consumed(let count): buffer.consume(count)
            case .end(let trailers, let consumed):
                guard connection.makeRoom(for: self, trailers.count &+ 1024) else { return true }
                unsafe connection.sendTrailers(stream, buffer.unread.span.extracting(trailers))
                buffer.consume(consumed)
                return finished(stream)
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

    private static let headLimits = HeadLimits(
        requestLine: 8 << 10, headerCount: 400, headerBytes: BufferPool.largeSize)

    /// Sends the head; true when it is all of the response.
    private func writeHead(_ buffer: Buffer, _ stream: HTTP2Stream, to connection: HTTP2ClientConnection) -> Bool {
        let isInterim = response.isInterim
        let isUpgrade = response.status == 101
        if !isInterim {
            awaitsHead = false
            isLast = !response.keepAlive || isTunnel
            body = isUpgrade ? .tunnel : OutboundBody(response.framing)
        }
        var ends = false
        if case .none = body, !isInterim { ends = true }
        unsafe connection.sendHead(
            stream, response, buffer.unread.span, isUpgrade: isUpgrade, isRefused: isTunnel && !isUpgrade, ends: ends)
        if isUpgrade { inbound.becomeTunnel() }
        buffer.consume(response.byteCount)
        response.reset()
        return ends
    }

    /// The response is out. Returns true, for the caller's convenience.
    private func finished(_ stream: HTTP2Stream) -> Bool {
        guard let connection else { return true }
        hasTurn = false
        // What the client still sends nobody reads; the connection sees to it.
        if !stream.hasEnded { isLast = true }
        drop()
        isBusy = false
        connection.finished(self, isReusable: !isLast)
        return true
    }

    func endSending() {
        guard let stream, let connection, !stream.isClosed, case .tunnel = body, !awaitsHead else { return }
        connection.sendData(stream, Span(), ends: true)
        body = .none
    }

    func detach() {
        let wasBusy = isBusy
        isBusy = false
        if let stream, !stream.isEnded { connection?.reset(stream, .internalError) }
        isReset = true
        drop()
        socket = nil
        connection?.left(self, wasBusy: wasBusy)
        connection = nil
    }
}
