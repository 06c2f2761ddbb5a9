internal import AyaCore

extension Language {
    package enum Retry {
        static let statuses = 500...599
        private static let defaults = Blueprint.Retry()

        static let attempts = Key(
            "attempts", .integer(1...10), default: "\(defaults.attempts)",
            "Tries in all; 1 turns retries off.")
        static let when = Key(
            "when", .list(of: .anyOf([.word(Blueprint.Retry.Condition.words), .integer(statuses)])),
            default: "[connect_failure, reset]",
            """
            What is tried again, if that is safe: the method is idempotent or nothing was sent, and nothing of an \
            answer has gone to the client. A call of gRPC that fails with a named status is repeated in any case.
            """)
        static let budget = Key(
            "budget", .share(0...1), default: ShareText.describe(defaults.budget),
            "Retries as a share of requests; more are not made, so that retries never are the load.")
        static let perTryTimeout = Key(
            "per_try_timeout", .bound(.duration(timeout)), default: "none",
            "Bound on each try, from its begin to the response head.")
        package static let section = Section(
            "retry", "Trying another server.", [attempts, when, budget, perTryTimeout])
    }

    package enum Hedge {
        static let after = Key(
            "after", .anyOf([.text(.percentile), .duration(timeout)]), required: true,
            "When the second try begins: a percentile of the pool's recent response times, or a duration.")
        static let budget = Key(
            "budget", .share(0...1), default: ShareText.describe(Blueprint.Hedge.defaultBudget),
            "Second tries as a share of requests; more are not made.")
        package static let section = Section(
            "hedge", "A second try that races a slow first one.", [after, budget])
    }

    package enum Breaker {
        private static let defaults = Blueprint.Breaker()

        static let failures = Key(
            "failures", .integer(1...1_000_000), default: "\(defaults.failures)", "Failures in a row that open it.")
        static let errorRate = Key(
            "error_rate", .bound(.share(0.001...1)), default: "none",
            "Share of failures within ten seconds that opens it too.")
        static let minRequests = Key(
            "min_requests", .integer(1...1_000_000), default: "\(defaults.minRequests)",
            "Within ten seconds, before `error_rate` is looked at.")
        static let openFor = Key(
            "open_for", .duration(timeout), default: DurationText.describe(defaults.openFor),
            "How long nothing is asked; then single requests decide.")
        static let pool = Key("pool", .boolean, default: "false", "Also one breaker for the pool as a whole.")
        package static let section = Section(
            "breaker", "A circuit breaker for each server.", [failures, errorRate, minRequests, openFor, pool])
    }

    package enum Queue {
        private static let defaults = Blueprint.Queue()

        static let limit = Key(
            "limit", .integer(1...10_000_000), default: "\(defaults.limit)", "Requests that may wait, over all workers."
        )
        static let timeout = Key(
            "timeout", .duration(Language.timeout), default: DurationText.describe(defaults.timeout),
            "How long one may wait; then it is answered with 503.")
        package static let section = Section(
            "queue", "Requests that wait while every server is full.", [limit, timeout])
    }

    package enum Concurrency {
        private static let defaults = Blueprint.AdaptiveConcurrency()
        private static let counts = 1...10_000_000

        static let limit = Key("limit", .integer(counts), "A fixed limit.")
        static let minimum = Key(
            "minimum", .integer(counts), default: "\(defaults.minimum)", "The least that the adaptive limit falls to.")
        static let maximum = Key(
            "maximum", .integer(counts), default: "\(defaults.maximum)", "The most that it rises to.")
        package static let section = Section(
            "concurrency", "A fixed `limit`, or the bounds of one that follows the pool's response times.",
            [limit, minimum, maximum])
    }

    package enum Fallback {
        static let pool = Key("pool", .text(.poolName), "Another pool.")
        static let respond = Key(
            "respond", .anyOf([.section(Respond.section), .integer(Respond.statuses)]),
            "A fixed answer (http). A plain number is its `status`.")
        static let stale = Key(
            "stale", .section(Stale.section), "The last good answer to the same GET: `{}`, or with bounds (http).")

        static let kinds = [pool, respond, stale]
        package static let section = Section(
            "fallback", "What clients get when a pool can't answer: exactly one of `pool`, `respond`, `stale`.", kinds,
            exactlyOneOf: kinds)
    }

    package enum Stale {
        private static let defaults = Blueprint.StaleAnswers()

        static let maxAge = Key(
            "max_age", .duration(.seconds(1)...longTime), default: DurationText.describe(defaults.maxAge),
            "The oldest answer that is still given.")
        static let size = Key(
            "size", .size(.kibibytes(64)...ByteCount(1 << 40)), default: "\(defaults.size)",
            "All kept answers of the pool together.")
        package static let section = Section(
            "stale", "Earlier answers for the time a pool can't answer.", [maxAge, size])
    }

    package enum Mirror {
        static let pool = Key("pool", .text(.poolName), required: true, "The pool that gets copies.")
        static let share = Key("share", .share(0...1), default: "100%", "Share of the requests that is copied.")
        package static let section = Section(
            "mirror", "A second pool that gets copies of requests; its answers are compared and dropped.",
            [pool, share])
    }

    package enum Faults {
        static let delay = Key("delay", .bound(.duration(timeout)), default: "none", "Requests wait this long.")
        static let delayShare = Key("delay_share", .share(0...1), default: "100%", "Share of the requests that waits.")
        static let abort = Key(
            "abort", .bound(.integer(Respond.statuses)), default: "none", "Requests are answered with this status.")
        static let abortShare = Key(
            "abort_share", .share(0...1), default: "100%", "Share of the requests that is answered so.")
        package static let section = Section(
            "faults", "Trouble made on purpose, to see how clients take it.", [delay, delayShare, abort, abortShare])
    }
}
