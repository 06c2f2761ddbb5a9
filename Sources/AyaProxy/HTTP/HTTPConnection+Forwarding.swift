internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The way to a server and back: pick, connect or reuse, send the request, await the response, deliver it; try
/// another server where that is safe.
///
/// The steps are plain functions in the files beside this one, which say what they wait for; the waiting is here and
/// in `serve`. Each `await` that returns costs some two hundred instructions, so the steady path has few.
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
    }

    func forward(_ exchange: Exchange, to pool: PoolRuntime) async -> Ending {
        exchange.pool = pool
        var tried = ExcludedServers()
        var reason = Reason.noServer
        while exchange.attempts < pool.attempts, let server = pool.begin(excluding: tried) {
            exchange.server = server
            exchange.attempts += 1
            exchange.tryStart = worker.now
            if exchange.attempts > 1 { pool.metrics.counts.retries &+= 1 }
            var failure = reuse(exchange, server) ? await request(exchange, of: pool) : .stale
            // A server may close an idle connection at any moment; a fresh connection to the same server is no second
            // try (RFC 9112 section 9.3.1).
            if case .stale = failure {
                release(exchange, server)
                failure = await connect(exchange, server, of: pool)
                if failure == nil { failure = await request(exchange, of: pool) }
            }
            guard let failure else {
                var ending = deliverAtOnce(exchange)
                if ending == nil { ending = await deliver(exchange, of: pool) }
                if case .handedOver = ending { return .handedOver }
                release(exchange, server)
                pool.finish(server, exchange.observation(at: worker.now))
                return ending ?? .abort
            }
            release(exchange, server)
            pool.finish(server, failure.observation(since: exchange.tryStart, at: worker.now))
            switch failure {
            case .stale: reason = .upstreamClosed
            case .failed(let cause, let isSafe):
                reason = cause
                if cause == .clientGone { return gone(exchange) }
                guard isSafe else { return await fail(exchange, cause) }
            }
            server.metrics.counts.reasons.record(reason)
            tried.insert(server.index)
        }
        return await fail(exchange, reason)
    }

    /// Takes an idle connection; false when there is none.
    private func reuse(_ exchange: Exchange, _ server: ServerRuntime) -> Bool {
        guard let idle = server.idle.take() else { return false }
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
            exchange.upstream = try await server.connect(waiter: self, deadline: deadline)
        } catch {
            return .failed(error.reason, isSafe: true)
        }
        exchange.isReused = false
        exchange.connectTime = worker.now - began
        server.metrics.counts.connectionsOpen &+= 1
        return nil
    }

    /// Ends the use of a connection: it waits for the next exchange, or closes.
    private func release(_ exchange: Exchange, _ server: ServerRuntime) {
        guard let upstream = exchange.upstream else { return }
        endUpload(exchange)
        exchange.upstream = nil
        if exchange.keepsUpstream {
            exchange.keepsUpstream = false
            server.idle.put(upstream)
        } else {
            upstream.close()
            server.metrics.counts.connectionsOpen &-= 1
        }
    }

    /// Sends the request and awaits the head of the response; nil when that is here.
    private func request(_ exchange: Exchange, of pool: PoolRuntime) async -> Failure? {
        exchange.firstByte = Instant(nanoseconds: 0)
        if let failure = sendRequest(exchange) { return failure }
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
                guard await passInterim(exchange) else { return .failed(.clientGone, isSafe: false) }
            case .failed(let failure): return failure
            case .waiting:
                let (deadline, reason) = responseDeadline(exchange, of: pool)
                guard await wait(until: deadline) else { return .failed(reason, isSafe: false) }
            }
        }
    }
}
