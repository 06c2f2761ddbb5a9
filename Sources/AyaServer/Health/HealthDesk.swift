internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// Everything on the health thread: the pools' health, looked after several times a second.
final class HealthDesk: Waiter {
    let pools: [PoolHealth]
    private static let period = Interval.milliseconds(100)

    init(_ snapshot: Snapshot, _ shared: SharedState, worker: Worker, log: Log) {
        pools = snapshot.blueprint.pools.indices.map { index in
            PoolHealth(
                snapshot.blueprint.pools[index], addresses: snapshot.addresses[index], shared: shared.pools[index],
                worker: worker, log: log)
        }
        super.init(worker: worker)
        setDeadline(worker.now + Self.period)
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
