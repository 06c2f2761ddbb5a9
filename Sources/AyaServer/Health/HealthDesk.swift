internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// Everything on the health thread: the pools' health, looked after several times a second.
final class HealthDesk: Waiter {
    private(set) var pools: [PoolHealth] = []
    private let log: Log
    private static let period = Interval.milliseconds(100)

    init(_ shared: SharedState, worker: Worker, log: Log) {
        self.log = log
        super.init(worker: worker)
        take(shared)
        setDeadline(worker.now + Self.period)
    }

    /// Goes over to another configuration's pools.
    func take(_ shared: SharedState) {
        let former = Dictionary(pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        pools = shared.pools.map { pool in
            let known = former[pool.blueprint.name]
            if let known, known.runs(pool) { return known }
            return PoolHealth(pool, worker: worker, log: log, continuing: known)
        }
        let stays = Set(pools.map(ObjectIdentifier.init))
        for pool in former.values where !stays.contains(ObjectIdentifier(pool)) { pool.stop() }
    }

    override func parkedTimeout() {
        for pool in pools { pool.tick() }
        setDeadline(worker.now + Self.period)
    }

    func stop() {
        retire()
        for pool in pools { pool.stop() }
    }
}
