internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What the steps leave to a task: every exchange that has to wait for more than a prompt answer.
extension HTTPConnection {
    /// Where an exchange stands that a task takes up.
    enum Standing {
        /// Its head is not whole, or no good.
        case head(HeadStep)
        case decided(Decision)
        case trying(TryStep)
    }

    /// Sees an exchange through to its end.
    func takeUp(_ exchange: Exchange) async -> Ending {
        var standing = exchange.standing
        exchange.standing = .trying(.awaiting)
        if case .head(let head) = standing {
            switch await wholeHead(exchange, head) {
            case .complete:
                begin(exchange)
                standing = .decided(decide(exchange))
            case .refused(let reason, let fault):
                return finished(exchange, await refuse(exchange, reason, fault))
            case .preface:
                runtime.exchanges.give(exchange)
                becomeHTTP2()
                return .handedOver
            case .nothing, .partial, .gone:
                runtime.exchanges.give(exchange)
                return .gone
            }
        }
        switch standing {
        case .decided(let decision): return finished(exchange, await carryOut(decision, exchange))
        case .trying(let step):
            guard let pool = exchange.pool else { return finished(exchange, await fail(exchange, .internal)) }
            return finished(exchange, await seeThrough(exchange, from: step, of: pool))
        case .head: return .gone
        }
    }

    /// A tunnel finishes its exchange itself.
    private func finished(_ exchange: Exchange, _ ending: Ending) -> Ending {
        if case .handedOver = ending { return ending }
        finish(exchange)
        runtime.exchanges.give(exchange)
        return ending
    }

    /// A head in pieces: the whole of it must come within one deadline.
    private func wholeHead(_ exchange: Exchange, _ step: HeadStep) async -> HeadStep {
        let deadline = worker.now + listener.timeouts.header
        var step = step
        while case .partial = step {
            guard await wait(until: deadline) else { return .refused(.headerTimeout, nil) }
            step = advanceHead(exchange)
        }
        return step
    }

    private func carryOut(_ decision: Decision, _ exchange: Exchange) async -> Ending {
        switch decision {
        case .forward(let pool): await forward(exchange, to: pool)
        case .treat(let treatment, let pool): await treat(exchange, treatment, to: pool)
        case .answer(let route): await answer(exchange, by: route)
        case .serve: await serve(exchange)
        case .reply(let response): await answer(exchange, response)
        case .redirect(let redirect): await answer(exchange, redirect)
        case .permit(let access): await permit(exchange, access)
        case .fail(let reason): await fail(exchange, reason)
        }
    }
}
