internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// The steady exchange in two plain calls: out to the server, and back to the client.
///
/// To suspend a task and go on costs some fifteen hundred instructions, a tenth of an exchange. So the worker's loop
/// calls these functions directly, and between them the exchange rests as `underway` without a task. Whatever has to
/// wait for anything but the answer (a connection, a place in a queue, the rest of a body) gets a task lent, which
/// takes it up where it stands.
extension HTTPConnection {
    /// Goes on as far as nothing has to wait.
    func advance() {
        var ending = underway.take().map(comeBack) ?? setOut()
        while case .keepAlive = ending { ending = setOut() }
        if let ending { leave(ending) }
    }

    /// From the client's bytes to the request on its way; nil while the exchange goes on.
    private func setOut() -> Ending? {
        let exchange = runtime.exchanges.take()
        let head = advanceHead(exchange)
        guard case .complete = head else {
            guard case .nothing = head else { return lend(exchange, at: .head(head)) }
            runtime.exchanges.give(exchange)
            parkHere()
            return nil
        }
        begin(exchange)
        let decision = decide(exchange)
        guard case .forward(let pool) = decision else { return lend(exchange, at: .decided(decision)) }
        let progress = beginForwarding(exchange, to: pool)
        guard case .awaiting = progress, exchange.unsent == nil else { return lend(exchange, at: .trying(progress)) }
        if socket.isBroken || exchange.upload != nil || exchange.upstream?.isReadable == true {
            return comeBack(exchange)
        }
        return rest(exchange, of: pool)
    }

    /// From the server's bytes to the whole answer; nil while the exchange goes on.
    private func comeBack(_ exchange: Exchange) -> Ending? {
        guard let pool = exchange.pool else { return lend(exchange, at: .trying(.awaiting)) }
        let step = advanceResponse(exchange)
        switch step {
        case .waiting: return rest(exchange, of: pool)
        case .complete:
            // What may call for another server is looked at in one place.
            if exchange.response.status >= 500 || exchange.isCall { return lend(exchange, at: .trying(.answered)) }
            noteAnswer(exchange, of: pool)
            guard let ending = deliverAtOnce(exchange) else { return lend(exchange, at: .trying(.delivering)) }
            endTry(exchange, of: pool, exchange.observation(at: worker.now))
            finish(exchange)
            runtime.exchanges.give(exchange)
            return ending
        case .interim: return lend(exchange, at: .trying(.interim))
        case .failed(let failure): return lend(exchange, at: .trying(.failed(failure)))
        }
    }

    private func rest(_ exchange: Exchange, of pool: PoolRuntime) -> Ending? {
        underway = exchange
        park(until: min(responseDeadline(exchange, of: pool).0, exchange.hedgeAt))
        return nil
    }

    private func lend(_ exchange: Exchange, at standing: Standing) -> Ending? {
        exchange.standing = standing
        underway = exchange
        startServing()
        return nil
    }
}
