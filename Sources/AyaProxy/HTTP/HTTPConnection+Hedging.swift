internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// Two tries at once: when the first server is slow, a second one gets the request too, and the first answer wins.
extension HTTPConnection {
    /// When the present try is slow enough for a second one; `distantFuture` where that must not be: two servers may
    /// do the work (RFC 9110 section 9.2.2). Unless the configuration asks for hedges, only safe methods get them.
    func hedgeTime(_ exchange: Exchange, _ pool: PoolRuntime) -> Instant {
        let request = exchange.request
        guard let delay = pool.hedge?.delayForRequest(), request.upgrade == nil,
            pool.hedgesUnasked ? request.method.isSafe : request.method.isIdempotent
        else { return .distantFuture }
        return worker.now + delay
    }

    /// Begins a second try; nil when the budget is used up or no other server is there.
    func startHedge(_ exchange: Exchange, of pool: PoolRuntime) -> HedgeTry? {
        guard let first = exchange.server, exchange.upload == nil, !exchange.isUploaded, pool.hedge?.spend() == true,
            let server = pool.begin(
                key: exchange.key, subset: exchange.subset, excluding: ExcludedServers(CollectionOfOne(first.index)))
        else { return nil }
        let socket: Socket
        let isReused: Bool
        if let idle = server.take() {
            socket = idle
            isReused = true
            server.metrics.counts.reused &+= 1
        } else {
            guard let opened = try? server.openForExchange(waiter: self) else {
                pool.finish(server, Observation(.failure, latency: .zero, now: worker.now))
                return nil
            }
            socket = opened
            isReused = false
        }
        socket.waiter = self
        let out = worker.buffers.takeLarge()
        // There is no upload, so the request has fitted into such a buffer before.
        _ = writeWholeRequest(exchange, to: out)
        exchange.attempts += 1
        pool.metrics.counts.hedges &+= 1
        return HedgeTry(server: server, socket: socket, isReused: isReused, request: out, worker: worker)
    }

    /// Waits for the first of both tries to answer; nil when the head of a response is here, whosever it is.
    func race(_ exchange: Exchange, _ hedge: HedgeTry, of pool: PoolRuntime) async -> Failure? {
        var firstFailure: Failure?
        while true {
            if firstFailure == nil {
                switch advanceResponse(exchange) {
                case .complete:
                    pool.hedge?.record(worker.now - exchange.tryStart)
                    abandon(hedge, exchange, of: pool)
                    return nil
                case .interim:
                    // The client has heard of this one, so it must hear its end.
                    abandon(hedge, exchange, of: pool)
                    guard await passInterim(exchange) else { return .failed(.clientGone, isSafe: false) }
                    return await awaitHead(exchange, of: pool)
                case .waiting: break
                case .failed(.failed(.clientGone, _)):
                    abandon(hedge, exchange, of: pool)
                    return .failed(.clientGone, isSafe: false)
                case .failed(let failure): firstFailure = loseFirst(exchange, failure, of: pool)
                }
            }
            switch hedge.advance(headroom: Self.headroom) {
            case .waiting: break
            case .answered:
                if firstFailure == nil { detach(exchange, of: pool) }
                adopt(hedge, exchange, of: pool)
                return await awaitHead(exchange, of: pool)
            case .failed(let reason):
                drop(hedge, reason, of: pool)
                if let firstFailure { return firstFailure }
                return await awaitHead(exchange, of: pool)
            }
            let patience = pool.retry.perTryTimeout ?? pool.timeouts.response
            let firstDeadline = firstFailure == nil ? exchange.sent + patience : .distantFuture
            let hedgeDeadline = hedge.sent + patience
            guard await wait(until: min(firstDeadline, hedgeDeadline, exchange.deadline)) else {
                if exchange.deadline <= worker.now {
                    drop(hedge, .routeTimeout, of: pool)
                    return .failed(.routeTimeout, isSafe: false)
                }
                if firstDeadline <= worker.now {
                    let isSafe = isSilentAndRepeatable(exchange)
                    firstFailure = loseFirst(exchange, .failed(.upstreamTimeout, isSafe: isSafe), of: pool)
                }
                if hedgeDeadline <= worker.now {
                    drop(hedge, .upstreamTimeout, of: pool)
                    if let firstFailure { return firstFailure }
                    return await awaitHead(exchange, of: pool)
                }
                continue
            }
            if socket.isBroken {
                abandon(hedge, exchange, of: pool)
                return .failed(.clientGone, isSafe: false)
            }
        }
    }

    /// The first try came to nothing while the second goes on.
    private func loseFirst(_ exchange: Exchange, _ failure: Failure, of pool: PoolRuntime) -> Failure {
        exchange.server?.metrics.counts.reasons.record(failure.verdict.reason)
        endTry(exchange, of: pool, failure.observation(since: exchange.tryStart, at: worker.now))
        return failure
    }

    /// The second try has won: from now on it is the exchange's own.
    private func adopt(_ hedge: HedgeTry, _ exchange: Exchange, of pool: PoolRuntime) {
        pool.metrics.counts.hedgesWon &+= 1
        if let partial = exchange.answer { worker.buffers.give(partial) }
        let parts = hedge.takeAll()
        exchange.response.reset()
        exchange.server = hedge.server
        exchange.isTrying = true
        exchange.upstream = parts.socket
        exchange.answer = parts.answer
        exchange.hasUnparsedAnswer = true
        exchange.isReused = hedge.isReused
        exchange.tryStart = hedge.began
        exchange.sent = hedge.sent
        exchange.firstByte = worker.now
    }

    /// The first try has lost: it goes on by itself.
    private func detach(_ exchange: Exchange, of pool: PoolRuntime) {
        guard let server = exchange.server, let upstream = exchange.upstream else { return }
        let began = exchange.tryStart
        guard pool.detached < DetachedTry.most else {
            return endTry(exchange, of: pool, Observation(.abandoned, latency: worker.now - began, now: worker.now))
        }
        exchange.isTrying = false
        exchange.upstream = nil
        let answer = exchange.answer
        exchange.answer = nil
        let unsent = exchange.unsent
        exchange.unsent = nil
        DetachedTry.start(
            on: server, of: pool, worker: worker, method: exchange.request.method, began: began, socket: upstream,
            unsent: unsent, answer: answer
        ) { [weak pool] _, latency in pool?.hedge?.record(latency) }
    }

    /// The second try has lost.
    private func abandon(_ hedge: HedgeTry, _ exchange: Exchange, of pool: PoolRuntime) {
        let parts = hedge.takeAll()
        guard let socket = parts.socket, socket.isOpen, pool.detached < DetachedTry.most else {
            let observation = Observation(.abandoned, latency: worker.now - hedge.began, now: worker.now)
            return discard(parts, hedge, observation, pool)
        }
        DetachedTry.start(
            on: hedge.server, of: pool, worker: worker, method: exchange.request.method, began: hedge.began,
            socket: socket, unsent: parts.unsent, answer: parts.answer)
    }

    /// The second try came to nothing.
    private func drop(_ hedge: HedgeTry, _ reason: Reason, of pool: PoolRuntime) {
        hedge.server.metrics.counts.reasons.record(reason)
        let observation = Observation(.failure, latency: worker.now - hedge.began, now: worker.now)
        discard(hedge.takeAll(), hedge, observation, pool)
    }

    private func discard(
        _ parts: (socket: Socket?, unsent: Buffer?, answer: Buffer?), _ hedge: HedgeTry, _ observation: Observation,
        _ pool: PoolRuntime
    ) {
        if let buffer = parts.unsent { worker.buffers.give(buffer) }
        if let buffer = parts.answer { worker.buffers.give(buffer) }
        if let socket = parts.socket { hedge.server.close(socket) }
        pool.finish(hedge.server, observation)
    }
}
