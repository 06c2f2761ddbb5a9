internal import AyaAdmin
internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaHistory
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// Has history take a sample each second, and tells the admin API of it.
///
/// Workers only copy their counters; everything else happens on the thread of history.
final class HistoryKeeper: Sendable {
    let history: History
    private let sampling = Mutex<Task<Void, Never>?>(nil)

    /// Nil when history is switched off, or the system has no thread for it.
    init?(_ blueprint: Blueprint, log: Log) {
        guard let configured = blueprint.history else { return nil }
        guard let history = History(Settings(configured, state: blueprint.state, log: log), log: log) else {
            log.error("history is not kept", ["reason": "the system has no thread"])
            return nil
        }
        self.history = history
    }

    func start(_ status: StatusReport, _ reloader: Reloader, workers: Int) {
        let history = history
        let task = Task.detached {
            while !Task.isCancelled {
                await Self.waitForNextSecond()
                let metrics = await status.counters()
                // A server that has stopped has no counters, and that is not news.
                guard !Task.isCancelled, metrics.workers > 0 else { continue }
                await history.take(
                    Sampler.Reading(
                        metrics: metrics, surroundings: Surroundings(reloader.running, workers: workers),
                        wallTime: Double(Machine.wallClock()) / 1e9, steadyTime: ContinuousClock.now.seconds))
            }
        }
        sampling.withLock { $0 = task }
    }

    func counts() async -> HistoryCounts { await history.state() }

    /// Takes no samples any more, writes what is not written, and lets another process write.
    func end() async {
        sampling.withLock { task in
            task?.cancel()
            task = nil
        }
        await history.end()
    }

    private static func waitForNextSecond() async {
        let second: Int64 = 1_000_000_000
        // A little after, so that a clock that is slewed never has two samples in one second.
        let rest = second - Machine.wallClock() % second + 2_000_000
        try? await Task.sleep(for: .nanoseconds(rest))
    }
}

extension ContinuousClock.Instant {
    private static let origin = ContinuousClock.now
    fileprivate var seconds: Double { (self - Self.origin) / .seconds(1) }
}

extension Settings {
    init(_ configured: Blueprint.History, state: String, log: Log) {
        let directory = configured.directory ?? state
        let exists = StateDirectory(directory) != nil
        if !exists, configured.directory != nil {
            log.warning("history is kept in memory", ["reason": "there is no directory '\(directory)'"])
        }
        self.init(
            place: exists ? .directory(directory) : .memory,
            retention: [
                .second: configured.seconds.components.seconds, .minute: configured.minutes.components.seconds,
                .hour: configured.hours.components.seconds,
            ],
            size: exists ? configured.size.bytes : min(configured.size.bytes, 64 << 20),
            seriesLimit: configured.seriesLimit)
    }
}

extension Surroundings {
    init(_ generation: Generation, workers: Int) {
        let blueprint = generation.blueprint
        let layer4 = Set(blueprint.listeners.flatMap(\.layer4Pools))
        let pools = blueprint.pools.map { pool in
            let capacities = pool.servers.compactMap { server in
                server.maxConnections.map { ("\(server.address)", $0) }
            }
            return (
                pool.name,
                Pool(
                    isLayer4: layer4.contains(pool.name),
                    capacities: Dictionary(capacities, uniquingKeysWith: { first, _ in first }))
            )
        }
        self.init(workers: workers, pools: Dictionary(pools, uniquingKeysWith: { first, _ in first }))
    }
}

extension Blueprint.Listener {
    /// Whose servers get sessions or flows.
    fileprivate var layer4Pools: [String] {
        switch kind {
        case .http: []
        case .tcp(let pool, let sni): [pool].compactMap(\.self) + sni.map(\.pool)
        case .udp(let pool): [pool]
        }
    }
}
