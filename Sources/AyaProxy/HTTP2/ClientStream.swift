internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// A lane of a client's connection: its streams are requests, and what is written to it are their answers.
final class ClientStream: HTTP2Lane {
    private var method = Method.other
    private let response = ResponseHead()

    // MARK: from the connection

    /// A request's head is in the block; a failure when it breaks the rules, which the caller tells the client.
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

    // MARK: the answer

    private static let headLimits = HeadLimits(
        requestLine: 8 << 10, headerCount: 400, headerBytes: BufferPool.largeSize)

    override func sendHead(from buffer: Buffer, to connection: HTTP2Connection) -> HeadStep {
        guard let stream, !stream.isClosed,
            case .complete = unsafe response.parse(
                buffer.unread.span, limits: Self.headLimits, requestMethod: method)
        else { return .invalid }
        guard connection.makeRoom(for: self, response.byteCount &+ 2048) else { return .blocked }
        let isInterim = response.isInterim
        let isUpgrade = response.status == 101
        if !isInterim {
            awaitsHead = false
            isLast = !response.keepAlive || isTunnel
            body = isUpgrade ? .tunnel : OutboundBody(response.framing)
        }
        var ends = false
        if case .none = body, !isInterim { ends = true }
        let encoded = connection.scratch.encoded
        encoded.clear()
        unsafe connection.session.encoder.encode(
            response, buffer.unread.span, isTunnel: isUpgrade, isRefused: isTunnel && !isUpgrade, to: encoded)
        connection.sendEncodedHead(stream, ends: ends)
        if isUpgrade { inbound.becomeTunnel() }
        buffer.consume(response.byteCount)
        response.reset()
        return .sent(ends: ends)
    }

    override func finished(_ stream: HTTP2Stream) {
        guard let connection else { return }
        hasTurn = false
        // What the client still sends nobody reads; the connection sees to it.
        if !stream.hasEnded { isLast = true }
        drop()
        isBusy = false
        connection.left(self, wasBusy: true, isReusable: !isLast)
    }

    override func giveUp(_ stream: HTTP2Stream) {
        if !stream.isEnded { connection?.reset(stream, .internalError) }
    }
}
