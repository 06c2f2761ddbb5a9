internal import AyaTelemetry
internal import Synchronization

/// What metrics tell of the number of servers, by pool: written by the brain, read whenever somebody asks.
final class CapacityBoard: Sendable {
    private let pools = Mutex<[String: CapacityCounts]>([:])

    var samples: [Sample<CapacityCounts>] {
        pools.withLock { $0 }.map { Sample(name: $0.key, counts: $0.value) }.sorted { $0.name < $1.name }
    }

    func count(_ pool: String, _ change: (inout CapacityCounts) -> Void) {
        pools.withLock { change(&$0[pool, default: CapacityCounts()]) }
    }

    /// Pools that are not scaled any more show nothing.
    func keep(_ names: Set<String>) {
        pools.withLock { pools in pools = pools.filter { names.contains($0.key) } }
    }
}
