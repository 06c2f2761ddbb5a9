internal import AyaCore

extension YAMLWriter {
    mutating func writeResilience(_ pool: Blueprint.Pool) {
        typealias Keys = Language.Pool
        map(Keys.retry) { $0.write(pool.retry) }
        writeHedge(pool.hedge)
        part(Keys.breaker, pool.breaker) { writer, breaker in
            typealias Keys = Language.Breaker
            writer.count(Keys.failures, breaker.failures)
            writer.share(Keys.errorRate, breaker.errorRate)
            writer.count(Keys.minRequests, breaker.minRequests)
            writer.duration(Keys.openFor, breaker.openFor)
            writer.boolean(Keys.pool, breaker.pool)
        }
        part(Keys.queue, pool.queue) { writer, queue in
            writer.count(Language.Queue.limit, queue.limit)
            writer.duration(Language.Queue.timeout, queue.timeout)
        }
        part(Keys.concurrency, pool.concurrency) { writer, concurrency in
            typealias Keys = Language.Concurrency
            switch concurrency {
            case .limit(let limit): writer.count(Keys.limit, limit)
            case .adaptive(let adaptive):
                writer.count(Keys.minimum, adaptive.minimum)
                writer.count(Keys.maximum, adaptive.maximum)
            }
        }
        part(Keys.fallback, pool.fallback) { $0.write($1) }
    }

    private mutating func write(_ retry: Blueprint.Retry) {
        typealias Keys = Language.Retry
        count(Keys.attempts, retry.attempts)
        map(Keys.when) { writer in
            for (word, condition) in Blueprint.Retry.Condition.named where retry.when.contains(condition) {
                writer.item(word: word)
            }
            for status in Keys.statuses where retry.when.contains(.status(status)) { writer.item(word: "\(status)") }
        }
        share(Keys.budget, retry.budget)
        duration(Keys.perTryTimeout, retry.perTryTimeout)
    }

    private mutating func writeHedge(_ hedge: Blueprint.Hedge) {
        switch hedge {
        case .auto: word(Language.Pool.hedge, "auto")
        case .off: word(Language.Pool.hedge, "off")
        case .after(let delay, let budget):
            map(Language.Pool.hedge) { writer in
                switch delay {
                case .percentile(let percentile):
                    writer.word(Language.Hedge.after, PercentileText.describe(percentile))
                case .time(let time): writer.duration(Language.Hedge.after, time)
                }
                writer.share(Language.Hedge.budget, budget)
            }
        }
    }

    private mutating func write(_ fallback: Blueprint.Fallback) {
        typealias Keys = Language.Fallback
        switch fallback {
        case .pool(let pool): text(Keys.pool, pool)
        case .respond(let response): write(Keys.respond, response)
        case .stale(let answers):
            map(Keys.stale) { writer in
                writer.duration(Language.Stale.maxAge, answers.maxAge)
                writer.word(Language.Stale.size, "\(answers.size)")
            }
        }
    }
}
