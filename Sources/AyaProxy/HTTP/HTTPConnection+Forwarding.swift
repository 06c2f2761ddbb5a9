internal import AyaBalance
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The way to a server: pick, connect or reuse, send the request, try another where that is safe.
extension HTTPConnection {
    /// What came of one try.
    enum Attempt {
        case done(Ending)
        /// Nothing has reached the client. `isSafe`: trying again cannot make the server do the work twice.
        case failed(Reason, isSafe: Bool)
        /// A reused connection turned out to be closed, before anything came back.
        case stale
    }

    func forward(_ exchange: Exchange, to pool: PoolRuntime) async -> Ending {
        exchange.pool = pool
        var tried = ExcludedServers()
        var reason = Reason.noServer
        while exchange.attempts < pool.attempts {
            guard let server = pool.begin(excluding: tried) else { break }
            exchange.server = server
            exchange.attempts += 1
            if exchange.attempts > 1 { pool.metrics.counts.retries &+= 1 }
            var attempt = await self.attempt(exchange, on: server, of: pool, mayReuse: true)
            // A server may close an idle connection at any moment; one fresh connection to the same server is no
            // second try (RFC 9112 section 9.3.1).
            if case .stale = attempt { attempt = await self.attempt(exchange, on: server, of: pool, mayReuse: false) }
            if case .done(.handedOver) = attempt { return .handedOver }
            pool.finish(server)
            switch attempt {
            case .done(let ending): return ending
            case .stale: reason = .upstreamClosed
            case .failed(let failure, let isSafe):
                reason = failure
                server.metrics.counts.reasons.record(failure)
                if failure == .clientGone { return gone(exchange) }
                guard isSafe else { return await fail(exchange, failure) }
            }
            tried.insert(server.index)
        }
        return await fail(exchange, reason)
    }

    private func attempt(
        _ exchange: Exchange, on server: ServerRuntime, of pool: PoolRuntime, mayReuse: Bool
    ) async -> Attempt {
        let upstream: Socket
        let isReused: Bool
        if mayReuse, let idle = server.idle.take() {
            upstream = idle
            upstream.waiter = self
            isReused = true
            server.metrics.counts.reused &+= 1
        } else {
            let began = worker.now
            do {
                let deadline = min(began + pool.timeouts.connect, exchange.deadline)
                upstream = try await server.connect(waiter: self, deadline: deadline)
            } catch {
                return .failed(error.reason, isSafe: true)
            }
            exchange.connectTime = worker.now - began
            isReused = false
            server.metrics.counts.connectionsOpen &+= 1
        }
        exchange.upstream = upstream
        exchange.isReused = isReused
        exchange.keepsUpstream = false
        exchange.firstByte = Instant(nanoseconds: 0)
        let attempt = await carry(exchange, over: upstream, to: pool)
        if case .done(.handedOver) = attempt { return attempt }
        endUpload(exchange)
        if exchange.keepsUpstream {
            server.idle.put(upstream)
        } else {
            upstream.close()
            server.metrics.counts.connectionsOpen &-= 1
        }
        exchange.upstream = nil
        return attempt
    }

    /// Sends the request over a connection and brings the response back.
    private func carry(_ exchange: Exchange, over upstream: Socket, to pool: PoolRuntime) async -> Attempt {
        if let failure = await sendRequest(exchange, over: upstream, to: pool) { return failure }
        if let failure = await awaitResponse(exchange, over: upstream, of: pool) { return failure }
        return .done(await deliver(exchange, from: upstream, of: pool))
    }
}
