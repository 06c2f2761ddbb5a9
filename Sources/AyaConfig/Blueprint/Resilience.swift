package import AyaCore

extension Blueprint {
    /// When an exchange is tried again on another server.
    package struct Retry: Hashable, Sendable {
        /// Tries in all; 1 turns retries off.
        package var attempts: Int
        package var when: Set<Condition> = [.connectFailure, .reset]
        /// Retries per request over the last while; more are not made, so that retries never are the load.
        package var budget = 0.2
        /// Bound on each try; nil: the pool's response timeout.
        package var perTryTimeout: Duration?
        package init(attempts: Int = 3) { self.attempts = attempts }

        package enum Condition: Hashable, Sendable {
            case connectFailure
            /// The connection ended before a response.
            case reset
            case timeout
            /// 500 to 599.
            case status(Int)
            /// A call of gRPC that fails at once with this status.
            case grpc(GRPCStatus)

            /// What has a word in the configuration, in the order of the expanded form.
            package static let named: [(word: String, condition: Condition)] = [
                ("connect_failure", .connectFailure), ("reset", .reset), ("timeout", .timeout),
                ("grpc_unavailable", .grpc(.unavailable)), ("grpc_resource_exhausted", .grpc(.resourceExhausted)),
                ("grpc_aborted", .grpc(.aborted)), ("grpc_cancelled", .grpc(.cancelled)),
                ("grpc_deadline_exceeded", .grpc(.deadlineExceeded)), ("grpc_internal", .grpc(.internal)),
                ("grpc_unknown", .grpc(.unknown)),
            ]
            static let words = named.map(\.word)
        }
    }

    /// A second try that races a slow first one; the first answer wins.
    package enum Hedge: Hashable, Sendable {
        /// On with `balance: auto`, off otherwise.
        case auto
        case off
        case after(Delay, budget: Double)

        package static let defaultBudget = 0.05

        package enum Delay: Hashable, Sendable {
            /// Of the pool's recent response times: 95 is slower than 95 of 100.
            case percentile(Double)
            case time(Duration)
        }
    }

    /// Stops asking a server (or a whole pool) that fails, and asks again with single requests.
    package struct Breaker: Hashable, Sendable {
        /// In a row, that open it.
        package var failures = 5
        /// Share of failures within ten seconds that opens it too; nil: not looked at.
        package var errorRate: Double?
        /// Of ten seconds, before the error rate means anything.
        package var minRequests = 20
        package var openFor = Duration.seconds(10)
        /// Also one breaker for the pool as a whole.
        package var pool = false
        package init() {}
    }

    /// Requests that wait while every server is full.
    package struct Queue: Hashable, Sendable {
        package var limit = 1_000
        package var timeout = Duration.seconds(1)
        package init() {}
    }

    /// How many exchanges a pool is given at once, over all workers.
    package enum Concurrency: Hashable, Sendable {
        case adaptive(AdaptiveConcurrency)
        case limit(Int)
    }

    /// Bounds of a limit that follows the pool's response times.
    package struct AdaptiveConcurrency: Hashable, Sendable {
        package var minimum = 3
        package var maximum = 1_000
        package init() {}
    }

    /// What clients get when a pool can not answer.
    package enum Fallback: Hashable, Sendable {
        case pool(String)
        case respond(Route.FixedResponse)
        case stale(StaleAnswers)
    }

    /// Earlier answers, kept for the time a pool can not answer.
    package struct StaleAnswers: Hashable, Sendable {
        package var maxAge = Duration.seconds(600)
        /// Over all kept answers of the pool.
        package var size = ByteCount.mebibytes(16)
        package init() {}
    }
}
