internal import AyaBrain
internal import AyaConfig

/// How the brain has tuned a pool. It holds as long as the configuration is the one that was tuned.
struct Tuning: Sendable, Equatable {
    /// What the configuration says.
    var configured: PoolSettings
    var settings: PoolSettings

    /// Nil when it stays as it is configured. What takes no work takes none.
    func weight(of server: Blueprint.Server) -> Int? {
        guard settings.weights != configured.weights, server.weight > 0 else { return nil }
        return settings.weights["\(server.address)"]
    }
}

extension PoolSettings {
    init(_ pool: Blueprint.Pool) {
        self.init()
        weights = Dictionary(
            pool.servers.map { ("\($0.address)", $0.weight) }, uniquingKeysWith: { first, _ in first })
        if case .limit(let limit) = pool.concurrency { concurrency = limit }
        responseTimeout = pool.timeouts.response / .seconds(1)
        outlierLatency = pool.outliers?.latency
        retryBudget = pool.retry.budget
        if case .after(.time(let time), _) = pool.hedge { hedgeAfter = time / .seconds(1) }
    }
}

extension TuningBounds {
    init(_ tune: Blueprint.Tune) {
        func seconds(_ range: ClosedRange<Duration>?) -> ClosedRange<Double>? {
            range.map { $0.lowerBound / .seconds(1)...$0.upperBound / .seconds(1) }
        }
        func numbers(_ range: ClosedRange<Int>?) -> ClosedRange<Double>? {
            range.map { Double($0.lowerBound)...Double($0.upperBound) }
        }
        self.init()
        ranges[.weights] = numbers(tune.weights)
        ranges[.concurrency] = numbers(tune.concurrency)
        ranges[.responseTimeout] = seconds(tune.responseTimeout)
        ranges[.outlierLatency] = tune.outlierLatency
        ranges[.retryBudget] = tune.retryBudget
        ranges[.hedgeAfter] = seconds(tune.hedgeAfter)
    }

    /// `weights, retry_budget`.
    var names: String { Knob.allCases.filter { self[$0] != nil }.map(\.rawValue).joined(separator: ", ") }
}

extension Blueprint.Pool {
    /// Everything but weights, which are the servers'.
    mutating func apply(_ tuning: Tuning) {
        let settings = tuning.settings
        for knob in settings.differences(from: tuning.configured) {
            switch knob {
            case .weights: continue
            case .concurrency: concurrency = settings.concurrency.map { .limit($0) }
            case .responseTimeout: timeouts.response = Self.duration(settings.responseTimeout)
            case .outlierLatency: outliers?.latency = settings.outlierLatency
            case .retryBudget: retry.budget = settings.retryBudget
            case .hedgeAfter:
                guard let time = settings.hedgeAfter else { continue }
                hedge = .after(.time(Self.duration(time)), budget: hedgeBudget)
            }
        }
    }

    private var hedgeBudget: Double {
        switch hedge {
        case .after(_, let budget): budget
        case .auto, .off: Blueprint.Hedge.defaultBudget
        }
    }

    /// The language knows milliseconds.
    private static func duration(_ seconds: Double) -> Duration {
        .milliseconds(Int64(min(max(1_000 * seconds, 1), 86_400_000).rounded()))
    }
}
