internal import AyaConfig
internal import AyaCore
internal import AyaTelemetry

/// What clients of a pool get when it can not answer.
enum Fallback {
    case pool(PoolRuntime)
    case respond(Blueprint.Route.FixedResponse)
    case stale(StaleAnswers)

    init?(_ fallback: Blueprint.Fallback?, workers: Int, pool: (String) -> PoolRuntime?) {
        switch fallback {
        case .none: return nil
        case .pool(let name):
            guard let other = pool(name) else { return nil }
            self = .pool(other)
        case .respond(let response): self = .respond(response)
        case .stale(let settings):
            self = .stale(
                StaleAnswers(maxAge: Interval(settings.maxAge), capacity: settings.size.bytes / max(1, workers)))
        }
    }

    /// Whether a fallback helps against this: the pool was not able to answer, rather than the client to ask.
    static func covers(_ reason: Reason) -> Bool {
        switch reason {
        case .noServer, .breakerOpen, .connectRefused, .connectTimeout, .connectFailed, .upstreamReset,
            .upstreamClosed, .upstreamTimeout, .upstreamInvalid, .connectionLimit, .concurrencyLimit, .queueFull,
            .queueTimeout, .shed:
            true
        default: false
        }
    }
}
