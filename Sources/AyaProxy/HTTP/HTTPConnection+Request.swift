internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// From bytes to a request, and its route.
extension HTTPConnection {
    /// One exchange, from the first byte of its request to the record of its end.
    func serveNext(_ exchange: Exchange) async -> Ending {
        if let ending = await readHead(exchange) { return ending }
        listener.metrics.counts.requests &+= 1
        exchange.start = worker.now
        exchange.consumed = exchange.request.byteCount
        exchange.keepAlive = exchange.request.keepAlive && !runtime.isDraining
        identify(exchange)
        let ending = await answer(exchange)
        if case .handedOver = ending { return ending }
        finish(exchange)
        return ending
    }

    /// Reads until the head is whole, and returns nil then; otherwise how the connection goes on without an exchange.
    private func readHead(_ exchange: Exchange) async -> Ending? {
        var deadline = Instant.distantFuture
        while true {
            let buffer = input ?? worker.buffers.takeSmall()
            input = buffer
            if !buffer.isEmpty {
                switch unsafe exchange.request.parse(buffer.unread.span, limits: listener.headLimits) {
                case .complete: return nil
                case .invalid(let fault): return await refuse(exchange, Reason(fault), fault)
                case .incomplete: if buffer.room == 0, !makeRoom() { return await refuse(exchange, .headTooLarge, nil) }
                }
                if deadline == .distantFuture { deadline = worker.now + listener.timeouts.header }
            }
            switch socket.receive(into: input ?? buffer) {
            case .bytes(let count): listener.metrics.counts.bytesReceived &+= UInt64(count)
            case .end, .failed: return .gone
            case .wouldBlock:
                if buffer.isEmpty { return .park }
                guard await wait(until: deadline) else { return await refuse(exchange, .headerTimeout, nil) }
            }
        }
    }

    /// Moves a growing head to the front of its buffer, or into a large one; false when that is full too.
    private func makeRoom() -> Bool {
        guard let full = input else { return false }
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

    /// A trusted peer's request id is kept; everybody else's requests get one.
    private func identify(_ exchange: Exchange) {
        exchange.id = RequestID(high: worker.random.next(), low: worker.random.next())
        guard isTrusted, let field = exchange.request.firstField(.xRequestID) else { return }
        if (1...128).contains(field.value.count) { exchange.keptID = field.value }
    }

    /// Decides what happens to the request, and does it.
    private func answer(_ exchange: Exchange) async -> Ending {
        let request = exchange.request
        if request.method == .connect { return await fail(exchange, .methodNotSupported) }
        if case .length(let length) = request.framing, length > listener.bodyLimit {
            return await fail(exchange, .bodyTooLarge)
        }
        if let service = listener.service { return await serve(exchange, by: service) }
        if request.pathNeedsNormalization, !normalizePath(exchange) { return await fail(exchange, .badRequest) }
        guard let index = matchRoute(exchange) else { return await fail(exchange, .noRoute) }
        let route = runtime.routes[index]
        exchange.route = route
        route.metrics.counts.inFlight &+= 1
        if let timeout = route.timeout { exchange.deadline = exchange.start + timeout }
        switch route.action {
        case .forward(let pool): return await forward(exchange, to: pool)
        case .split(let split):
            guard let pool = split.next() else { return await fail(exchange, .noServer) }
            return await forward(exchange, to: pool)
        case .redirect(let redirect): return await answer(exchange, redirect)
        case .respond(let response): return await answer(exchange, response)
        }
    }

    private func matchRoute(_ exchange: Exchange) -> Int? {
        guard let input else { return nil }
        let host = unsafe bytes(exchange.request.host).span
        let head = unsafe input.unread.span
        if let normalized = exchange.normalizedPath {
            return unsafe runtime.table.match(
                host: host, path: normalized.unread.span, exchange.request, in: head)
        }
        return unsafe runtime.table.match(
            host: host, path: bytes(exchange.request.path).span, exchange.request, in: head)
    }

    /// Routes see, and servers get, one spelling of a path: otherwise `/public/../admin` would pass a route for
    /// `/public/*`.
    private func normalizePath(_ exchange: Exchange) -> Bool {
        let normalized = worker.buffers.takeLarge()
        exchange.normalizedPath = normalized
        return unsafe PathNormalizer.normalize(bytes(exchange.request.path).span, into: normalized) == nil
    }

    /// The bytes of a part of the request's head.
    func bytes(_ slice: Slice) -> UnsafeBufferPointer<UInt8> {
        guard let input else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        return unsafe input.bytes(input.start + slice.range.lowerBound..<input.start + slice.range.upperBound)
    }
}
