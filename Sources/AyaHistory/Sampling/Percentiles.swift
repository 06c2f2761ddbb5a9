internal import AyaTelemetry

/// The percentiles of a whole minute or hour, by subject: those of its seconds do not add up to them.
package struct Percentiles: Sendable {
    package let resolution: Resolution
    /// The beginning of the minute or hour, in seconds since 1970.
    package let time: Int64
    package let values: [Subject: Values]

    package struct Values: Sendable, Equatable {
        package var p50: Float
        package var p99: Float

        init?(_ latency: Histogram?) {
            guard let latency, let p50 = latency.quantile(0.5), let p99 = latency.quantile(0.99) else { return nil }
            self.p50 = Float(p50 / .seconds(1))
            self.p99 = Float(p99 / .seconds(1))
        }
    }
}

/// Remembers the histograms at the beginning of the minute and of the hour.
struct PercentileBases {
    private var bases: [Resolution: (time: Int64, metrics: MetricsSnapshot)] = [:]

    /// What has come to its end with these counters.
    ///
    /// - Parameter time: at which the counters were read.
    mutating func take(_ metrics: MetricsSnapshot, at time: Int64, of roster: Roster) -> [Percentiles] {
        var finished: [Percentiles] = []
        for resolution in [Resolution.minute, .hour] {
            let current = time.floored(to: resolution.step)
            if let base = bases[resolution] {
                let began = base.time.floored(to: resolution.step)
                if current == began { continue }
                // What was not seen from its beginning is left to the means, and a gap too.
                let isWhole = base.time - began <= 2 && current == began + resolution.step && time - current <= 2
                if isWhole {
                    let values = Self.values(metrics, since: base.metrics.arranged(as: metrics), of: roster)
                    finished.append(Percentiles(resolution: resolution, time: began, values: values))
                }
            }
            bases[resolution] = (time, metrics)
        }
        return finished
    }

    private static func values(
        _ now: MetricsSnapshot, since earlier: MetricsSnapshot, of roster: Roster
    ) -> [Subject: Percentiles.Values] {
        var values: [Subject: Percentiles.Values] = [:]
        func note(_ subject: Subject, _ latency: Histogram?) {
            // What the limit leaves out has no series.
            if roster.index(of: subject) != nil { values[subject] = Percentiles.Values(latency) }
        }
        var whole = Histogram()
        for (route, before) in zip(now.routes, earlier.routes) {
            guard let latency = route.counts.duration.recorded(since: before.counts.duration) else { continue }
            whole.add(latency)
            note(.route(route.name), latency)
        }
        note(.aya, whole)
        for (pool, before) in zip(now.pools, earlier.pools) {
            var together = Histogram()
            for (server, former) in zip(pool.servers, before.servers) {
                guard let latency = server.counts.firstByte.recorded(since: former.counts.firstByte) else { continue }
                together.add(latency)
                note(.server(server.name, of: pool.name), latency)
            }
            note(.pool(pool.name), together)
        }
        return values
    }
}
