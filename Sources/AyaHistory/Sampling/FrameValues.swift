internal import AyaCore
internal import AyaTelemetry

/// The values of a frame while they are put together, in the order of the roster.
struct FrameValues {
    private(set) var values: ContiguousArray<Float> = []
    private let elapsed: Double
    private let count: Int

    /// - Parameter elapsed: seconds between the readings.
    init(elapsed: Double, count: Int) {
        self.elapsed = elapsed
        self.count = count
        values.reserveCapacity(count)
    }

    /// What the limit leaves out is not computed.
    private var isFull: Bool { values.count >= count }

    mutating func append(_ reading: Sampler.Reading, since earlier: MetricsSnapshot) {
        let now = reading.metrics
        let pools = now.pools.indices.map { pool in
            Traffic(
                now.pools[pool], since: earlier.pools[pool], health: now.health[pool],
                around: reading.surroundings.pools[now.pools[pool].name])
        }
        append(whole(reading, since: earlier, pools))
        for (listener, before) in zip(now.listeners, earlier.listeners) {
            if isFull { return }
            append(listener.counts, since: before.counts)
        }
        for pool in pools { append(pool) }
        for (route, before) in zip(now.routes, earlier.routes) {
            if isFull { return }
            append(route.counts, since: before.counts)
        }
        for pool in now.pools.indices {
            let surroundings = reading.surroundings.pools[now.pools[pool].name]
            let health = now.health[pool].servers
            for (server, after) in now.pools[pool].servers.enumerated() {
                if isFull { return }
                append(
                    Traffic(
                        after, since: earlier.pools[pool].servers[server],
                        isUp: server < health.count ? health[server].counts.up > 0 : true,
                        isLayer4: surroundings?.isLayer4 ?? false,
                        capacity: surroundings?.capacities[after.name]))
            }
        }
    }

    private func whole(
        _ reading: Sampler.Reading, since earlier: MetricsSnapshot, _ pools: [Traffic]
    ) -> Traffic {
        let now = reading.metrics
        var whole = Traffic()
        var before = Histogram()
        for (listener, former) in zip(now.listeners, earlier.listeners) {
            whole.add(listener.counts, since: former.counts)
        }
        for (route, former) in zip(now.routes, earlier.routes) {
            whole.add(route.counts, since: former.counts)
            whole.latency.add(route.counts.duration)
            before.add(former.counts.duration)
        }
        whole.latency = whole.latency.recorded(since: before) ?? Histogram()
        whole.inFlight = pools.reduce(0) { $0 + $1.inFlight }
        whole.available = pools.reduce(0) { $0 + $1.available }
        // The time that loops were busy, of all the time that they had.
        let busy = Double(now.worker.loopLag.total(since: earlier.worker.loopLag)) / 1e9
        whole.saturation = min(1, busy / (elapsed * Double(max(1, reading.surroundings.workers))))
        return whole
    }

    private mutating func append(_ traffic: Traffic) {
        if isFull { return }
        append(rates: traffic.requests, traffic.errors, traffic.clientErrors)
        append(traffic.latency)
        values.append(Float(traffic.inFlight))
        values.append(Float(traffic.connections))
        append(rates: traffic.bytesIn, traffic.bytesOut)
        values.append(Float(traffic.available))
        values.append(traffic.saturation.map { Float($0) } ?? .nan)
    }

    private mutating func append(_ counts: ListenerCounts, since earlier: ListenerCounts) {
        var traffic = Traffic()
        traffic.add(counts, since: earlier)
        append(rates: traffic.requests, traffic.errors, traffic.clientErrors)
        values.append(Float(traffic.connections))
        append(rates: traffic.bytesIn, traffic.bytesOut)
    }

    private mutating func append(_ counts: RouteCounts, since earlier: RouteCounts) {
        var traffic = Traffic()
        traffic.add(counts, since: earlier)
        append(
            rates: counts.requests.total.growth(since: earlier.requests.total), traffic.errors, traffic.clientErrors)
        append(counts.duration.recorded(since: earlier.duration) ?? Histogram())
        values.append(Float(counts.inFlight))
    }

    private mutating func append(rates: UInt64...) {
        for rate in rates { values.append(Float(Double(rate) / elapsed)) }
    }

    private mutating func append(_ latency: Histogram) {
        let count = latency.count
        guard count > 0 else {
            for _ in 0..<3 { values.append(.nan) }
            return
        }
        values.append(Float(latency.sum / .seconds(1) / Double(count)))
        for share in [0.5, 0.99] { values.append(Float((latency.quantile(share) ?? .zero) / .seconds(1))) }
    }
}
