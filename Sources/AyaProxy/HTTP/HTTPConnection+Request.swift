internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// From bytes to a request, and its route. Nothing here waits: the connection's `serve` does.
extension HTTPConnection {
    /// How far the request's head has come.
    enum HeadStep {
        case complete
        /// Nothing has arrived at all.
        case nothing
        /// The rest of the head is to come.
        case partial
        /// The client has left.
        case gone
        case refused(Reason, MessageFault?)
        /// The client begins HTTP/2 (RFC 9113 section 3.3).
        case preface
    }

    /// Reads and parses as far as the socket allows.
    func advanceHead(_ exchange: Exchange) -> HeadStep {
        var buffer = takeInput()
        while true {
            if !buffer.isEmpty {
                switch unsafe exchange.request.parse(buffer.unread.span, limits: listener.headLimits) {
                case .complete: return .complete
                case .invalid(let fault): return isPreface(buffer, fault) ? .preface : .refused(Reason(fault), fault)
                case .incomplete:
                    if buffer.room == 0 {
                        guard makeRoom(in: buffer) else { return .refused(.headTooLarge, nil) }
                        buffer = takeInput()
                    }
                }
            }
            switch socket.receive(into: buffer) {
            case .bytes(let count): noteReceived(count)
            case .end, .failed: return .gone
            case .wouldBlock: return buffer.isEmpty ? .nothing : .partial
            }
        }
    }

    /// What is no request of HTTP/1.1 may be the beginning of HTTP/2. A line with neither a target nor a version of
    /// HTTP/1 is taken for a bad one, which is told so in HTTP/2's own way (RFC 9113 section 3.4).
    private func isPreface(_ buffer: Buffer, _ fault: MessageFault) -> Bool {
        let preface = HTTP2Session.preface
        guard !isLane, !listener.isAdmin, buffer.count >= 6 else { return false }
        if fault == .badTarget, buffer.count >= 24 {
            let words = unsafe String(decoding: buffer.unread, as: UTF8.self).prefix { $0 >= " " }.split(separator: " ")
            if words.count == 3, !words[2].hasPrefix("HTTP/") {
                isHTTP2 = true
                return true
            }
        }
        for index in 0..<min(buffer.count, preface.utf8CodeUnitCount) {
            let (byte, expected) = unsafe (buffer.unread[index], preface.utf8Start[index])
            if byte != expected { return false }
        }
        isHTTP2 = true
        return true
    }

    func takeInput() -> Buffer {
        if let input { return input }
        let buffer = worker.buffers.takeSmall()
        input = buffer
        return buffer
    }

    /// Moves a growing head to the front of its buffer, or into a large one; false when that is full too.
    func makeRoom(in full: Buffer) -> Bool {
        if full.start > 0 {
            full.compact()
            return true
        }
        guard full.capacity < BufferPool.largeSize else { return false }
        let large = worker.buffers.takeLarge()
        unsafe large.append(full.unread)
        worker.buffers.give(full)
        input = large
        return true
    }

    /// The exchange begins: its clock, its name, and whether the connection goes on after it.
    func begin(_ exchange: Exchange) {
        listener.metrics.counts.requests &+= 1
        exchange.isParsed = true
        exchange.start = worker.now
        exchange.consumed = exchange.request.byteCount
        exchange.keepAlive = exchange.request.keepAlive && !listener.isDraining
        exchange.id = RequestID(high: worker.random.next(), low: worker.random.next())
        if let tracing = runtime.tracing, !listener.isAdmin { startTrace(exchange, tracing) }
        guard isTrusted else { return }
        exchange.forwardedClient = forwardedClient(exchange.request)
        // A trusted peer's request id is kept; everybody else's requests get one.
        guard let field = exchange.request.firstField(.xRequestID) else { return }
        if (1...128).contains(field.value.count) { exchange.keptID = field.value }
    }

    /// The last address in `X-Forwarded-For` that is not a trusted proxy's: what stands before it anybody may have
    /// written.
    private func forwardedClient(_ request: RequestHead) -> IPAddress? {
        var found: IPAddress?
        for field in request.fields where field.known == .xForwardedFor {
            let text = unsafe String(decoding: bytes(field.value), as: UTF8.self)
            for part in text.split(separator: ",") {
                let name = part.trimmingPrefix { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
                guard let address = IPAddress(name) ?? SocketAddress(name)?.ip else { continue }
                if found == nil || !listener.trustedProxies.contains(where: { $0.contains(address) }) {
                    found = address
                }
            }
        }
        return found
    }

    /// What is to happen to a request. Large payloads are boxed: the usual case moves as one pointer.
    enum Decision {
        case forward(PoolRuntime)
        indirect case treat(RouteTreatment, PoolRuntime)
        case answer(RouteRuntime)
        /// By the admin service.
        case serve
        indirect case reply(Blueprint.Route.FixedResponse)
        indirect case redirect(Blueprint.Route.Redirect)
        /// Tells a browser whether a page may make calls.
        case permit(GRPCWebAccess)
        case fail(Reason)
    }

    func decide(_ exchange: Exchange) -> Decision {
        let request = exchange.request
        switch request.method {
        case .connect: return .fail(.methodNotSupported)
        case .post: noteGRPC(exchange)
        default: break
        }
        if case .length(let length) = request.framing, length > listener.bodyLimit { return .fail(.bodyTooLarge) }
        if listener.isAdmin { return .serve }
        if listener.takesEarlyData, let tls, tls.isEarly {
            // Whoever recorded it can send it again: it must not change anything (RFC 8470 section 5.2).
            guard request.method.isSafe else { return .fail(.tooEarly) }
            exchange.isEarly = true
        }
        if let detour = listener.detour, let decision = take(detour, exchange) { return decision }
        if request.pathNeedsNormalization, !normalizePath(exchange) { return .fail(.badRequest) }
        guard let route = matchRoute(exchange) else { return .fail(.noRoute) }
        exchange.route = route
        route.metrics.counts.inFlight &+= 1
        if let watch = runtime.clientWatch, !watch.admits(exchange.forwardedClient ?? client?.ip, worker.now) {
            return .fail(.clientLimited)
        }
        settleCriticality(exchange, route)
        if let web = route.grpcWeb {
            if web.mayPreflight, request.method == .options, isPreflight(request) { return .permit(web) }
            if exchange.grpc != .plain { exchange.web = exchange.grpc }
        }
        if let timeout = route.timeout { exchange.deadline = min(exchange.deadline, exchange.start + timeout) }
        switch route.action {
        case .forward(let destination): return forwarding(exchange, to: destination, route)
        case .split(let split):
            let destination = ownDestination(exchange, in: split) ?? split.next()
            return destination.map { forwarding(exchange, to: $0, route) } ?? .fail(.noServer)
        case .redirect, .respond: return .answer(route)
        }
    }

    private func forwarding(_ exchange: Exchange, to destination: Destination, _ route: RouteRuntime) -> Decision {
        exchange.subset = destination.subset
        guard let treatment = route.treatment else { return .forward(destination.pool) }
        return .treat(treatment, destination.pool)
    }

    private func matchRoute(_ exchange: Exchange) -> RouteRuntime? {
        guard let input else { return nil }
        let host = unsafe hostWithoutRoot(exchange.request).span
        let head = unsafe input.unread.span
        if let normalized = exchange.normalizedPath {
            return unsafe listener.routes.match(
                host: host, path: normalized.unread.span, exchange.request, in: head)
        }
        return unsafe listener.routes.match(
            host: host, path: bytes(exchange.request.path).span, exchange.request, in: head)
    }

    /// `shop.example.` is `shop.example`, written with its root.
    private func hostWithoutRoot(_ request: RequestHead) -> UnsafeBufferPointer<UInt8> {
        let host = request.host
        let name = unsafe bytes(host)
        guard host.count > 1, unsafe name[name.count - 1] == UInt8(ascii: ".") else { return unsafe name }
        return unsafe bytes(Slice(start: host.start, end: host.end - 1))
    }

    /// Routes see, and servers get, one spelling of a path: otherwise `/public/../admin` would pass a route for
    /// `/public/*`.
    func normalizePath(_ exchange: Exchange) -> Bool {
        let normalized = worker.buffers.takeLarge()
        exchange.normalizedPath = normalized
        return unsafe PathNormalizer.normalize(bytes(exchange.request.path).span, into: normalized) == nil
    }

    /// The bytes of a part of the request's head.
    @inline(__always)
    func bytes(_ slice: Slice) -> UnsafeBufferPointer<UInt8> {
        guard let input else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        return unsafe input.bytes(input.start + slice.range.lowerBound..<input.start + slice.range.upperBound)
    }
}
