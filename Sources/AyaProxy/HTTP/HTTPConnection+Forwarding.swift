internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The way to a server and back: pick, connect or reuse, send the request, await the response, deliver it; try
/// another server where that is safe.
///
/// The steps are plain functions here and in the files beside this one, which say what they wait for; the waiting is
/// `seeThrough`'s, which the steady exchange never meets.
extension HTTPConnection {
    /// Why a try brought no response.
    enum Failure {
        /// Nothing has reached the client. `isSafe`: trying again cannot make the server do the work twice.
        case failed(Reason, isSafe: Bool)
        /// There is no open connection, or it turned out to be closed before anything came back.
        case stale

        /// What it says about the server; nil where the client was at fault.
        func observation(since start: Instant, at now: Instant) -> Observation? {
            if case .failed(let reason, _) = self, reason.blame != .upstream {
                return Observation(.abandoned, latency: now - start, now: now)
            }
            return Observation(.failure, latency: now - start, now: now)
        }

        /// For the record, and whether another try is harmless.
        var verdict: (reason: Reason, isSafe: Bool) {
            switch self {
            case .failed(let reason, let isSafe): (reason, isSafe)
            case .stale: (.upstreamClosed, true)
            }
        }
    }

    /// How far the tries have come.
    enum TryStep {
        /// No server has the exchange.
        case unserved
        /// The request is out, or on its way.
        case awaiting
        /// An interim response is here.
        case interim
        case failed(Failure)
        /// The head of an answer is here.
        case answered
        /// The answer is counted and its head written, but not all of it has left.
        case delivering
    }

    /// Picks a server and sends the request, as far as that goes at once.
    func beginForwarding(_ exchange: Exchange, to pool: PoolRuntime) -> TryStep {
        exchange.pool = pool
        exchange.key = balancingKey(exchange, pool.keySource)
        if let admission = pool.admission {
            guard let server = enter(exchange, pool, admission) else { return .unserved }
            return beginTry(exchange, server, of: pool)
        }
        guard let server = beginFirst(exchange, of: pool) else {
            exchange.refusal = pool.unavailability(subset: exchange.subset)
            return .unserved
        }
        return beginTry(exchange, server, of: pool)
    }

    func forward(_ exchange: Exchange, to pool: PoolRuntime) async -> Ending {
        await seeThrough(exchange, from: beginForwarding(exchange, to: pool), of: pool)
    }

    /// Waits where that is needed, and tries again where that is safe, until the client has an answer.
    func seeThrough(_ exchange: Exchange, from step: TryStep, of pool: PoolRuntime) async -> Ending {
        var step = step
        var tried = ExcludedServers()
        var picked = exchange.server
        var connects = 0
        while true {
            switch step {
            case .unserved:
                switch await awaitTurn(exchange, of: pool) {
                case .server(let server): step = beginTry(exchange, server, of: pool)
                case .ended(let ending): return ending
                }
                picked = exchange.server
            case .awaiting: step = await awaitHead(exchange, of: pool).map(TryStep.failed) ?? .answered
            case .interim:
                exchange.hedgeAt = .distantFuture
                step = await passInterim(exchange) ? .awaiting : .failed(.failed(.clientGone, isSafe: false))
            case .failed(.stale) where exchange.isTrying && connects < Self.mostConnects:
                // A server may close an idle connection at any moment; a fresh connection to the same server is no
                // second try (RFC 9112 section 9.3.1).
                guard let server = picked else { return .abort }
                connects += 1
                release(exchange, server)
                let failure = await connect(exchange, server, of: pool) ?? sendRequest(exchange)
                step = failure.map(TryStep.failed) ?? .awaiting
            case .failed(let failure):
                let (reason, isSafe) = failure.verdict
                // A try that lost a race to its end has ended, and been counted, there; one that won it has another
                // server.
                if exchange.isTrying, let last = exchange.server {
                    endTry(exchange, of: pool, failure.observation(since: exchange.tryStart, at: worker.now))
                    if reason != .clientGone { last.metrics.counts.reasons.record(reason) }
                    if exchange.trace != nil { recordTry(exchange, reason) }
                    tried.insert(last.index)
                }
                if reason == .clientGone { return gone(exchange) }
                guard isSafe, exchange.attempts < pool.retry.attempts, pool.retry.covers(reason) else {
                    return await surrender(exchange, reason, of: pool, isRepeatable: isSafe)
                }
                if let picked { tried.insert(picked.index) }
                guard let next = pool.beginRetry(exchange, isFree: reason.isBeforeRequest, excluding: tried) else {
                    return await surrender(exchange, reason, of: pool, isRepeatable: true)
                }
                if let last = exchange.server { exchange.noteRetry(last, reason: reason) }
                step = beginTry(exchange, next, of: pool)
                (picked, connects) = (next, 0)
            case .answered:
                if exchange.isCall { readGRPCStatus(exchange) }
                if let other = serverInsteadOfAnswer(exchange, of: pool, &tried) {
                    step = beginTry(exchange, other, of: pool)
                    (picked, connects) = (other, 0)
                    continue
                }
                noteAnswer(exchange, of: pool)
                guard let ending = deliverAtOnce(exchange) else {
                    step = .delivering
                    continue
                }
                endTry(exchange, of: pool, exchange.observation(at: worker.now))
                return ending
            case .delivering:
                let ending = await deliver(exchange, of: pool)
                if case .handedOver = ending { return ending }
                endTry(exchange, of: pool, exchange.observation(at: worker.now))
                return ending
            }
        }
    }

    /// What an answer that goes to the client tells the pool.
    func noteAnswer(_ exchange: Exchange, of pool: PoolRuntime) {
        if pool.readsLoadReports { readLoadReport(exchange, of: pool) }
        if case .stale(let answers) = pool.fallback { keepAnswer(exchange, in: answers) }
        if exchange.attempts == 1 { pool.hedge?.record(exchange.firstByte - exchange.tryStart) }
    }

    /// Connections that a try may ask for on its server. One is enough for HTTP/1.1; a shared one may turn out to be
    /// full when the server says how many streams it bears.
    private static let mostConnects = 3

    /// A server may say with its answer how busy it is.
    private func readLoadReport(_ exchange: Exchange, of pool: PoolRuntime) {
        guard let server = exchange.server else { return }
        for field in exchange.response.fields where field.name.count == Self.loadReportField.utf8CodeUnitCount {
            guard unsafe answerBytes(exchange, field.name).span.equalsIgnoringCase(Self.loadReportField) else {
                continue
            }
            if let report = unsafe LoadReport.parse(header: answerBytes(exchange, field.value).span) {
                pool.note(report, of: server)
            }
        }
    }

    /// Open Request Cost Aggregation; servers that report per answer use it.
    private static let loadReportField: StaticString = "endpoint-load-metrics"

    /// Sends the request over a connection that stands; without one the try is stale before it began.
    private func beginTry(_ exchange: Exchange, _ server: ServerRuntime, of pool: PoolRuntime) -> TryStep {
        exchange.server = server
        exchange.isTrying = true
        exchange.attempts += 1
        exchange.tryStart = worker.now
        // A client that belongs to this server gains nothing from a faster answer of one that does not know it.
        let mayHedge = exchange.attempts == 1 && pool.hedge != nil && exchange.persistent.server != server.index
        exchange.hedgeAt = mayHedge ? hedgeTime(exchange, pool) : .distantFuture
        guard reuse(exchange, server) else { return .failed(.stale) }
        return sendRequest(exchange).map(TryStep.failed) ?? .awaiting
    }

    /// Ends the work on the present server, if it has not ended already.
    func endTry(_ exchange: Exchange, of pool: PoolRuntime, _ observation: Observation?) {
        guard exchange.isTrying, let server = exchange.server else { return }
        exchange.isTrying = false
        release(exchange, server)
        pool.finish(server, observation)
    }

    /// The answer has a status that the pool retries, the request can be repeated, and there is another server: the
    /// answer is dropped and the work on that server begun.
    private func serverInsteadOfAnswer(
        _ exchange: Exchange, of pool: PoolRuntime, _ tried: inout ExcludedServers
    ) -> ServerRuntime? {
        let status = exchange.response.status
        guard status >= 500 || exchange.grpcStatus != nil else { return nil }
        // A call that failed with a status that the configuration names is one that may be made twice.
        let isCovered =
            exchange.grpcStatus.map(pool.retry.covers)
            ?? (pool.retry.covers(status: status) && exchange.request.method.isIdempotent)
        guard isCovered, exchange.attempts < pool.retry.attempts, exchange.isAtHand, let server = exchange.server
        else { return nil }
        tried.insert(server.index)
        guard let other = pool.beginRetry(exchange, isFree: false, excluding: tried) else { return nil }
        server.metrics.counts.requests.record(status: status)
        exchange.noteRetry(server, status: status)
        endTry(exchange, of: pool, exchange.observation(at: worker.now))
        if let answer = exchange.answer { worker.buffers.give(answer) }
        exchange.answer = nil
        exchange.grpcStatus = nil
        exchange.response.reset()
        return other
    }

    /// Takes an idle connection; false when there is none.
    private func reuse(_ exchange: Exchange, _ server: ServerRuntime) -> Bool {
        guard let idle = server.take() else { return false }
        idle.waiter = self
        exchange.upstream = idle
        exchange.isReused = true
        server.metrics.counts.reused &+= 1
        return true
    }

    private func connect(_ exchange: Exchange, _ server: ServerRuntime, of pool: PoolRuntime) async -> Failure? {
        let began = worker.now
        let deadline = min(began + pool.timeouts.connect, exchange.deadline)
        do {
            exchange.upstream = try await server.connectForExchange(waiter: self, deadline: deadline)
        } catch {
            return .failed(error.reason, isSafe: true)
        }
        exchange.isReused = false
        exchange.connectTime = worker.now - began
        server.metrics.counts.connectTime.record(exchange.connectTime.nanoseconds)
        return nil
    }

    /// Ends the use of a connection: it waits for the next exchange, or closes.
    private func release(_ exchange: Exchange, _ server: ServerRuntime) {
        guard let upstream = exchange.upstream else { return }
        endUpload(exchange)
        exchange.upstream = nil
        if exchange.keepsUpstream {
            exchange.keepsUpstream = false
            server.put(upstream)
        } else {
            server.close(upstream)
        }
    }

    /// Sends what is left of the request and awaits the head of the response; nil when that is here.
    func awaitHead(_ exchange: Exchange, of pool: PoolRuntime) async -> Failure? {
        while let rest = exchange.unsent {
            guard await wait(until: min(worker.now + pool.timeouts.response, exchange.deadline)) else {
                return .failed(.upstreamTimeout, isSafe: false)
            }
            if let failure = sendRest(exchange, rest) { return failure }
        }
        while true {
            switch advanceResponse(exchange) {
            case .complete: return nil
            case .interim:
                exchange.hedgeAt = .distantFuture
                guard await passInterim(exchange) else { return .failed(.clientGone, isSafe: false) }
            case .failed(let failure): return failure
            case .waiting:
                let (deadline, reason) = responseDeadline(exchange, of: pool)
                if exchange.hedgeAt < deadline {
                    if await wait(until: exchange.hedgeAt) { continue }
                    exchange.hedgeAt = .distantFuture
                    if let hedge = startHedge(exchange, of: pool) { return await race(exchange, hedge, of: pool) }
                    continue
                }
                guard await wait(until: deadline) else {
                    return .failed(reason, isSafe: isSilentAndRepeatable(exchange))
                }
            }
        }
    }
}
