internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// How an exchange comes by its first server: at once, after a wait in the pool's queue, or not at all.
extension HTTPConnection {
    /// The server for an exchange's first try, if it can begin at once. Nil: `awaitTurn` knows what to do.
    func enter(_ exchange: Exchange, _ pool: PoolRuntime, _ admission: Admission) -> ServerRuntime? {
        let user = (exchange.forwardedClient ?? client?.ip)?.balancingKey ?? 0
        let criticality = Int(exchange.criticality)
        var entry = admission.enter(criticality: criticality, user: user, isExchange: true)
        if case .pass = entry {
            if let server = beginFirst(exchange, of: pool) { return server }
            entry = admission.orWait(pool.unavailability(subset: exchange.subset))
        }
        if case .refused(let reason) = entry {
            exchange.refusal = reason
        } else {
            exchange.refusal = .queueFull
            exchange.turn = admission.wait(self, criticality: criticality) { [self] in beginFirst(exchange, of: pool) }
        }
        return nil
    }

    /// Work on the server that the balancer picks, or that the client belongs to.
    func beginFirst(_ exchange: Exchange, of pool: PoolRuntime) -> ServerRuntime? {
        if pool.persistence != nil, let own = beginOnOwnServer(exchange, of: pool, excluding: .none) { return own }
        return pool.begin(key: exchange.key, subset: exchange.subset, excluding: .none)
    }

    enum Turned {
        case server(ServerRuntime)
        case ended(Ending)
    }

    /// Waits for the place in the queue that `enter` took, or ends the exchange that it turned away.
    func awaitTurn(_ exchange: Exchange, of pool: PoolRuntime) async -> Turned {
        guard let turn = exchange.turn, let admission = pool.admission else {
            return .ended(await surrender(exchange, exchange.refusal, of: pool, isRepeatable: true))
        }
        exchange.turn = nil
        let deadline = min(turn.deadline, exchange.deadline)
        while true {
            var isInTime = true
            if case .waiting = turn.outcome { isInTime = await wait(until: deadline) }
            exchange.queueTime = worker.now - turn.since
            switch turn.outcome {
            case .server(let server):
                pool.metrics.counts.queueTime.record(exchange.queueTime.nanoseconds)
                return .server(server)
            case .refused(let reason):
                return .ended(await surrender(exchange, reason, of: pool, isRepeatable: true))
            case .waiting: break
            }
            if socket.isBroken {
                admission.leave(turn)
                return .ended(gone(exchange))
            }
            guard isInTime else {
                admission.leave(turn)
                let reason = exchange.deadline <= worker.now ? Reason.routeTimeout : .queueTimeout
                pool.metrics.counts.refused.record(reason)
                return .ended(await surrender(exchange, reason, of: pool, isRepeatable: true))
            }
        }
    }

    /// How critical the exchange is: as its route says, or as a trusted client does.
    func settleCriticality(_ exchange: Exchange, _ route: RouteRuntime) {
        exchange.criticality = route.criticality
        guard let name = listener.criticalityHeader, isTrusted, let input else { return }
        let head = unsafe input.unread.span
        for field in exchange.request.fields where field.known == .other && field.name.count == name.count {
            guard head.extracting(field.name.range).equalsIgnoringCase(name.span) else { continue }
            let value = head.extracting(field.value.range)
            for (rank, word) in Self.criticalities.enumerated() where value.equalsIgnoringCase(word) {
                exchange.criticality = Int8(rank)
            }
        }
    }

    private static let criticalities: [StaticString] = ["critical", "high", "normal", "sheddable"]
}
