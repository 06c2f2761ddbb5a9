internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// One request and its response: what the steps of its way know of each other. Lent by the runtime's pool for the
/// exchange alone, so that an idle connection holds none.
final class Exchange {
    let request = RequestHead()
    let response = ResponseHead()
    var id = RequestID(high: 0, low: 0)
    /// Where a task takes it up; set before one is lent.
    var standing = HTTPConnection.Standing.trying(.awaiting)
    /// The head was whole, so its parts may be looked at.
    var isParsed = false
    /// It came before the handshake's end.
    var isEarly = false
    /// The client as a trusted peer's `X-Forwarded-For` names it.
    var forwardedClient: IPAddress?
    /// Its place in a trace; nil without tracing.
    var trace: TracePlace?
    /// A trusted peer's own id, which stands in for ours.
    var keptID: Slice?
    /// The path as routes saw it, where it differs from what was sent.
    var normalizedPath: Buffer?
    /// How many bytes of the client's input are this exchange's: its head, and what of its body came with it.
    var consumed = 0
    /// The request's head was complete.
    var start = Instant(nanoseconds: 0)
    /// The present try began: a server was picked.
    var tryStart = Instant(nanoseconds: 0)
    /// When the last byte of the request went to the server, and when the response began.
    var sent = Instant(nanoseconds: 0)
    var firstByte = Instant(nanoseconds: 0)
    var connectTime = Interval.zero
    /// The end of everything, by the route's timeout.
    var deadline = Instant.distantFuture
    var route: RouteRuntime?
    /// What a hash balancer places this by, and which servers of the pool may have it.
    var key: UInt64 = 0
    var subset = 0
    /// 0 for the most critical to 3 for what may be shed.
    var criticality: Int8 = 2
    /// The place in the pool's queue, until it is waited for; or why there is none.
    var turn: Turn?
    var refusal = Reason.noServer
    var queueTime = Interval.zero
    /// Seconds; for those who are turned away.
    var retryAfter = 1
    var pool: PoolRuntime?
    var persistent = PersistentClient()
    var server: ServerRuntime?
    /// Work on `server` has begun and not ended.
    var isTrying = false
    /// When the present try gets a rival.
    var hedgeAt = Instant.distantFuture
    /// The copy of the request that went to a mirror pool.
    var mirror: MirrorComparison?
    /// The connection of the present try, whether it served others before, and whether it may serve more.
    var upstream: Socket?
    var isReused = false
    var keepsUpstream = false
    /// What of the request's head, and of a short body, the server's socket has not taken yet.
    var unsent: Buffer?
    /// The rest of the request's body on its way to the server.
    var upload: BodyPump?
    /// What of the body has gone by, to be sent once more to another server.
    var replay: Buffer?
    /// The server stopped taking the body, or the client stopped sending it.
    var uploadFailed = false
    /// All of the request's body has gone to the server.
    var isUploaded = false
    /// The upload waits for the client rather than for the server.
    var isUploadStarved = false
    /// What came behind the request's body: the beginning of the next request.
    var leftover: Buffer?
    /// What the server has sent so far and is not yet on its way to the client.
    var answer: Buffer?
    /// The head for the client, while it is not on its way.
    var head: Buffer?
    /// All of the response's body is in `answer`.
    var isWhole = false
    /// `answer` holds bytes that came before anybody asked the parser: behind a 1xx head, or of a hedge that won.
    var hasUnparsedAnswer = false
    var attempts = 0
    /// The first server that was tried, once another is.
    private(set) var retried: Retried?
    /// What kind of call it is, if it is one, and how that ended as far as is known.
    var grpc = GRPCKind.none
    var grpcStatus: GRPCStatus?
    /// It is translated for a client that speaks gRPC-Web.
    var web = GRPCKind.none
    // Matched, not compared: an equality of another module's type is a call through its witnesses.
    var isCall: Bool { if case .none = grpc { false } else { true } }
    var isTranslated: Bool { if case .none = web { false } else { true } }
    /// Its answer is of gRPC.
    var answersCall = false
    var reason = Reason.ok
    /// What the client got; 0 while nothing has been sent.
    var status = 0
    var requestBodyBytes: UInt64 = 0
    var responseBodyBytes: UInt64 = 0
    /// The connection can carry another exchange after this one.
    var keepAlive = true
    /// The next one in the pool, while it lies there.
    fileprivate var nextFree: Exchange?

    /// The request can be sent once more: no part of its body has gone by, or what has was kept.
    var isAtHand: Bool { upload?.hasCopy ?? (!isUploaded || replay != nil) }

    /// What the response's head, and how the exchange went on, say about the server. What the server answers for
    /// itself (501, 505) is no failure.
    func observation(at now: Instant) -> Observation {
        let status = response.status
        let isFailure =
            status >= 500 && status != 501 && status != 505 || reason.blame == .upstream
            || grpcStatus?.isServerFailure == true
        return Observation(
            isFailure ? .failure : .success, latency: firstByte - tryStart, now: now, began: tryStart)
    }

    /// Another server is tried in the place of this one.
    func noteRetry(_ server: ServerRuntime, reason: Reason? = nil, status: Int = 0) {
        if retried == nil { retried = Retried(server: server, reason: reason, status: status) }
    }

    func reset() {
        request.reset()
        response.reset()
        isParsed = false
        isEarly = false
        forwardedClient = nil
        keptID = nil
        if trace != nil { trace = nil }
        if normalizedPath != nil { normalizedPath = nil }
        consumed = 0
        deadline = .distantFuture
        connectTime = .zero
        route = nil
        key = 0
        subset = 0
        criticality = 2
        queueTime = .zero
        retryAfter = 1
        pool = nil
        if persistent.isOn { persistent = PersistentClient() }
        server = nil
        uploadFailed = false
        isUploadStarved = false
        isUploaded = false
        hasUnparsedAnswer = false
        isTrying = false
        isWhole = false
        firstByte = Instant(nanoseconds: 0)
        attempts = 0
        if retried != nil { retried = nil }
        grpc = .none
        grpcStatus = nil
        web = .none
        answersCall = false
        reason = .ok
        status = 0
        requestBodyBytes = 0
        responseBodyBytes = 0
        keepAlive = true
    }
}

/// The number that follows a request through logs and servers.
struct RequestID {
    var high: UInt64
    var low: UInt64
}

/// Exchanges of one worker that wait for their next use.
final class ExchangePool {
    private var first: Exchange?
    private var count = 0

    func take() -> Exchange {
        guard let exchange = first.take() else { return Exchange() }
        first = exchange.nextFree.take()
        count -= 1
        return exchange
    }

    func give(_ exchange: consuming Exchange) {
        exchange.reset()
        guard count < 256 else { return }
        exchange.nextFree = first.take()
        first = exchange
        count += 1
    }
}
