internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// A lane of a connection to a server: what is written to it is a request, which begins a stream, and what is read is
/// the answer.
final class ServerStream: HTTP2Lane {
    private let request = RequestHead()
    private var context = ResponseDowngrade.Context(isHead: false)
    private let isSecure: Bool
    private var began = Instant(nanoseconds: 0)
    /// Where the connection has it among those that are lent.
    var place = 0
    /// Why there is no connection.
    private(set) var connectFailure: ConnectFailure?
    /// The server has said, or it is certain, that it did nothing with the request (RFC 9113 section 8.7).
    private(set) var isUnprocessed = false
    /// Why the stream broke, where that is more than a reset.
    private(set) var failure: Reason?

    /// `connection` nil: one is being made.
    init(_ connection: HTTP2ServerConnection?, worker: Worker, isSecure: Bool) {
        self.isSecure = isSecure
        super.init(connection, worker: worker, isWritable: connection != nil)
        isBusy = true
    }

    /// The lane of a socket that `ServerRuntime` lent as a stream.
    static func lane(of socket: Socket) -> ServerStream? {
        guard socket.isVirtual, let layer = socket.layer else { return nil }
        // Safe: sockets to servers have no other layer without a descriptor.
        return unsafe unsafeDowncast(layer, to: ServerStream.self)
    }

    /// The request is on its way.
    var hasBegun: Bool { !awaitsHead }

    // MARK: use after use

    /// Makes ready for an exchange.
    func begin() {
        isBusy = true
        awaitsHead = true
        isTunnel = false
        isLast = false
        isUnprocessed = false
        failure = nil
        body = .none
        request.reset()
        socket?.signal(writable: true)
    }

    /// The exchange is over, and both sides have had everything.
    func giveBack() {
        guard let socket, let connection, !isReset, stream?.isEnded == true else {
            self.socket?.close()
            return
        }
        socket.waiter = nil
        drop()
        isBusy = false
        connection.left(self, wasBusy: true, isReusable: true)
    }

    /// The connection stands.
    func attach(_ connection: HTTP2ServerConnection) {
        self.connection = connection
        socket?.signal(writable: true)
    }

    func fail(_ failure: ConnectFailure) {
        connectFailure = failure
        broken()
    }

    override func broken() {
        if !isReset, awaitsHead { isUnprocessed = true }
        super.broken()
    }

    // MARK: the request

    private static let headLimits = HeadLimits(
        requestLine: BufferPool.largeSize, headerCount: 1000, headerBytes: BufferPool.largeSize)

    override func sendHead(from buffer: Buffer, to connection: HTTP2Connection) -> HeadStep {
        guard case .complete = unsafe request.parse(buffer.unread.span, limits: Self.headLimits) else {
            return .invalid
        }
        let bytes = unsafe buffer.unread.span
        let session = connection.session
        // Until the server says how many streams it bears, one is enough.
        guard session.hasPeerSettings || !session.hasOpened else { return .blocked }
        if request.upgrade != nil {
            // Whether the server knows tunnels stands in its settings.
            guard session.hasPeerSettings else { return .blocked }
            guard session.peer.enableConnectProtocol else {
                failure = .upstreamInvalid
                return .invalid
            }
        }
        guard connection.makeRoom(for: self, request.byteCount &+ 2048) else { return .blocked }
        guard case .open = connection.phase, let stream = session.open() else {
            isUnprocessed = true
            return .invalid
        }
        self.stream = stream
        stream.owner = self
        began = worker.now
        readContext(bytes)
        awaitsHead = false
        body = isTunnel ? .tunnel : OutboundBody(request.framing)
        var ends = false
        if case .none = body { ends = true }
        let encoded = connection.scratch.encoded
        encoded.clear()
        session.encoder.encode(
            request, bytes, isSecure: isSecure, tunnelProtocol: request.upgrade, to: encoded)
        connection.sendEncodedHead(stream, ends: ends)
        buffer.consume(request.byteCount)
        return .sent(ends: ends)
    }

    /// What the answer will depend on.
    private func readContext(_ bytes: Span<UInt8>) {
        context.isHead = request.method == .head
        context.tunnelProtocol = []
        context.tunnelFields = []
        isTunnel = request.upgrade != nil
        guard let upgrade = request.upgrade else { return }
        context.tunnelProtocol = bytes.extracting(upgrade.range).copy()
        for field in request.fields {
            let name = bytes.extracting(field.name.range)
            guard name.equalsIgnoringCase("sec-websocket-key") else { continue }
            context.tunnelFields = WebSocketAccept.field(key: bytes.extracting(field.value.range))
        }
    }

    // MARK: the answer

    /// A head is in the block; nil, or what is wrong with it.
    func receivedHead(_ block: FieldBlock, of stream: HTTP2Stream, ends: Bool, _ session: HTTP2Session) -> HTTP2Fault? {
        if block.isTooLarge { return HTTP2Fault(.enhanceYourCalm, "the head is too large") }
        var result = Result<ResponseDowngrade, HTTP2Fault>.failure(HTTP2Fault(.internalError, ""))
        inbound.addHead(lending: worker) {
            result = ResponseDowngrade.write(block, endsHere: ends, context, to: $0)
            if $0.overflowed { result = .failure(HTTP2Fault(.enhanceYourCalm, "the head is too large")) }
        }
        let response: ResponseDowngrade
        switch result {
        case .failure(let fault): return fault
        case .success(let good): response = good
        }
        if response.isInterim, response.status != 101 {
            session.accept(stream, length: nil, isFinal: false)
        } else {
            let isBare = context.isHead || response.status == 204 || response.status == 304 || response.status == 101
            session.accept(stream, length: isBare ? nil : response.contentLength, isFinal: true)
            if response.status != 101 { isTunnel = false }
            inbound.begin(response.framing == .chunked ? .chunked : .plain, hasEnded: ends)
        }
        socket?.signal(readable: true)
        return nil
    }

    /// The server reset the stream, or never looked at it.
    func wasReset(isUnprocessed: Bool, _ failure: Reason?) {
        self.isUnprocessed = isUnprocessed
        self.failure = failure
        // The answer is whole: only the rest of the request is not wanted (section 8.1).
        if stream?.hasEnded == true, failure == nil {
            socket?.signal(readable: true, writable: true)
        } else {
            broken()
        }
    }

    override func giveUp(_ stream: HTTP2Stream) {
        guard !stream.isClosed, let connection else { return }
        connection.reset(stream, .cancel)
        // Nothing has come since the request went out: is anybody there?
        if connection.heard < began { connection.ask() }
    }
}

extension Span where Element == UInt8 {
    fileprivate func copy() -> [UInt8] {
        // Safe: the pointer does not leave the closure.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
