internal import AyaTelemetry
internal import Testing

@Suite struct WorkerMetricsTests {
    static let shape = MetricsShape(
        listeners: ["web"], routes: ["api", "site"],
        pools: [MetricsShape.Pool(name: "app", servers: ["127.0.0.1:1", "127.0.0.1:2"])])

    static func busy() -> WorkerMetrics {
        let metrics = WorkerMetrics(shape: shape)
        metrics.loop.counts.loopTurns &+= 1
        metrics.listeners[0].counts.requests &+= 1
        metrics.listeners[0].counts.sessions.record(.clientGone)
        metrics.routes[1].counts.requests.record(status: 204)
        metrics.routes[1].counts.duration.record(1_000_000)
        metrics.routes[1].counts.reasons.record(.noServer)
        metrics.routes[1].counts.inFlight &+= 1
        metrics.pools[0].counts.retries &+= 1
        metrics.pools[0].servers[1].counts.connects &+= 1
        metrics.pools[0].servers[1].counts.firstByte.record(2_000_000)
        return metrics
    }

    @Test func snapshotsAddUp() {
        let sum = MetricsSnapshot.merge([Self.busy().snapshot(), Self.busy().snapshot(), Self.busy().snapshot()])
        #expect(sum.workers == 3)
        #expect(sum.worker.loopTurns == 3)
        #expect(sum.listeners[0].counts.requests == 3)
        #expect(sum.listeners[0].counts.sessions[.clientGone] == 3)
        #expect(sum.routes.map(\.counts.requests.total) == [0, 3])
        #expect(sum.routes[1].counts.duration.count == 3)
        #expect(sum.routes[1].counts.reasons[.noServer] == 3)
        #expect(sum.routes[1].counts.inFlight == 3)
        #expect(sum.pools[0].counts.retries == 3)
        #expect(sum.pools[0].servers[1].counts.connects == 3)
        #expect(sum.pools[0].servers[1].counts.firstByte.count == 3)
    }

    @Test func aSnapshotDoesNotChangeAfterwards() {
        let metrics = Self.busy()
        let snapshot = metrics.snapshot()
        metrics.routes[1].counts.duration.record(5)
        metrics.routes[1].counts.requests.record(status: 500)
        #expect(snapshot.routes[1].counts.duration.count == 1)
        #expect(snapshot.routes[1].counts.requests.total == 1)
    }

    @Test func reloadContinuesWhatKeptItsName() {
        let before = Self.busy()
        let shape = MetricsShape(
            listeners: ["new", "web"], routes: ["site"],
            pools: [MetricsShape.Pool(name: "app", servers: ["127.0.0.1:2", "127.0.0.1:3"])])
        let after = WorkerMetrics(shape: shape, continuing: before)
        #expect(after.loop.counts.loopTurns == 1)
        #expect(after.listeners.map(\.counts.requests) == [0, 1])
        #expect(after.routes[0].counts.duration.count == 1)
        #expect(after.pools[0].counts.retries == 1)
        #expect(after.pools[0].servers.map(\.counts.connects) == [1, 0])
    }

    /// During a reload two workers may be a generation apart.
    @Test func differentGenerationsAddUpByName() {
        let other = WorkerMetrics(
            shape: MetricsShape(
                listeners: ["web", "extra"], routes: ["site"],
                pools: [
                    MetricsShape.Pool(name: "more", servers: []),
                    MetricsShape.Pool(name: "app", servers: ["127.0.0.1:2"]),
                ]))
        other.routes[0].counts.requests.record(status: 200)
        other.pools[1].servers[0].counts.connects &+= 1
        let sum = MetricsSnapshot.merge([Self.busy().snapshot(), other.snapshot()])
        #expect(sum.listeners.map(\.name) == ["web", "extra"])
        #expect(sum.routes.map(\.counts.requests.total) == [0, 2])
        #expect(sum.pools.map(\.name) == ["app", "more"])
        #expect(sum.pools[0].servers[1].counts.connects == 2)
    }

    @Test(arguments: [(99, 4), (100, 0), (200, 1), (304, 2), (404, 3), (503, 4), (600, 4), (-1, 4)])
    func statusClasses(status: Int, expected: Int) {
        var counts = StatusCounts()
        counts.record(status: status)
        #expect(counts[expected] == 1)
    }
}
