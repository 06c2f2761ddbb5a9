internal import AyaCore

/// One value of a metric, with what tells it from its others.
package struct MetricPoint: Sendable {
    package enum Value: Sendable {
        case count(UInt64)
        case level(Int)
        case fraction(Double)
        case durations(Histogram)
    }

    package var labels: [(name: String, value: String)]
    package var value: Value
    /// Of durations, where exchanges have traces.
    package var exemplars: Exemplars?
}

/// Everything that is told of a running Aya, metric by metric: what scrapers read and collectors are sent.
///
/// The number of points is bounded whatever the configuration: beyond the limits, routes and servers are summed up under
/// the name `other`, because a hundred thousand series help nobody and cost everybody.
package struct MetricFamilies {
    /// How many are told of under their own names.
    package struct Limits: Sendable {
        package var routes = 1_000
        package var serversPerPool = 256
        package var certificates = 1_000
        package init() {}
    }

    package typealias Visit = (MetricName, [MetricPoint]) -> Void
    private typealias Labels = [(name: String, value: String)]

    private let visit: Visit

    /// Calls `visit` with each metric that has points.
    package static func walk(
        _ snapshot: MetricsSnapshot, _ facts: ProcessFacts, limits: Limits = Limits(), _ visit: Visit
    ) {
        withoutActuallyEscaping(visit) { visit in
            let families = MetricFamilies(visit: visit)
            families.walk(facts, workers: snapshot.workers)
            families.walk(WorkerCounts.columns, [([], snapshot.worker)])
            families.walk(ListenerCounts.columns, snapshot.listeners, "listener")
            families.walk(RouteCounts.columns, bounded(snapshot.routes, limits.routes), "route")
            // Each worker has met its own methods first, so all of them together may be more.
            families.walk(CallCounts.columns, bounded(snapshot.calls, CallMetrics.most), "method")
            families.walk(PoolCounts.columns, snapshot.pools.map { ([("pool", $0.name)], $0.counts) })
            families.walk(ServerCounts.columns, snapshot.pools.flatMap { servers($0.servers, of: $0.name, limits) })
            families.walk(HealthCounts.columns, snapshot.health.flatMap { servers($0.servers, of: $0.pool, limits) })
            // The rest would be of one kind, and run out unseen only if all of them did.
            let certificates = snapshot.certificates.sorted { $0.counts.expiry < $1.counts.expiry }
            families.walk(
                CertificateCounts.columns,
                certificates.prefix(limits.certificates).map {
                    ([("listener", $0.listener), ("certificate", $0.certificate)], $0.counts)
                })
            families.walk(HistoryCounts.columns, [snapshot.history].compactMap { $0 }.map { ([], $0) })
            families.walk(AccessLogCounts.columns, snapshot.logs, "log")
            families.walk(AlertCounts.columns, [snapshot.alerts].compactMap { $0 }.map { ([], $0) })
            families.walk(CapacityCounts.columns, snapshot.capacity, "pool")
            families.walk(TraceCounts.columns, [snapshot.traces].compactMap { $0 }.map { ([], $0) })
        }
    }

    private static func servers<Counts>(
        _ samples: [Sample<Counts>], of pool: String, _ limits: Limits
    ) -> [(Labels, Counts)] {
        bounded(samples, limits.serversPerPool).map { ([("pool", pool), ("server", $0.name)], $0.counts) }
    }

    /// The first `limit` samples, the rest as one.
    private static func bounded<Counts>(_ samples: [Sample<Counts>], _ limit: Int) -> [Sample<Counts>] {
        guard samples.count > limit else { return samples }
        var other = Sample(name: "other", counts: Counts())
        for sample in samples[limit...] { other.counts.add(sample.counts) }
        return samples[..<limit] + [other]
    }

    private func walk(_ facts: ProcessFacts, workers: Int) {
        visit(.buildInfo, [MetricPoint(labels: [("version", facts.version)], value: .level(1))])
        single(.generation, .level(facts.generation))
        single(.workers, .level(workers))
        single(.silentWorkers, .level(facts.silentWorkers))
        single(.startTime, .fraction(facts.startTime))
        single(.processorTime, .fraction(facts.processorSeconds))
        single(.openDescriptors, .level(facts.openDescriptors))
        single(.maximumDescriptors, .level(facts.maximumDescriptors))
        single(.residentMemory, .level(facts.residentBytes))
    }

    private func single(_ metric: MetricName, _ value: MetricPoint.Value) {
        visit(metric, [MetricPoint(labels: [], value: value)])
    }

    private func walk<Counts>(_ columns: [MetricColumn<Counts>], _ samples: [Sample<Counts>], _ label: String) {
        walk(columns, samples.map { ([(label, $0.name)], $0.counts) })
    }

    private func walk<Counts>(_ columns: [MetricColumn<Counts>], _ rows: [(labels: Labels, counts: Counts)]) {
        guard !rows.isEmpty else { return }
        for column in columns { visit(column.metric, rows.flatMap { Self.points(column, $0.labels, $0.counts) }) }
    }

    private static func points<Counts>(
        _ column: MetricColumn<Counts>, _ labels: Labels, _ counts: Counts
    ) -> [MetricPoint] {
        func point(_ value: MetricPoint.Value, _ more: Labels = []) -> MetricPoint {
            MetricPoint(labels: labels + more, value: value)
        }
        switch column.value {
        case .counter(let path): return [point(.count(counts[keyPath: path]))]
        case .gauge(let path): return [point(.level(counts[keyPath: path]))]
        case .durations(let path): return [point(.durations(counts[keyPath: path]))]
        case .traced(let path, let exemplars):
            var all = point(.durations(counts[keyPath: path]))
            all.exemplars = counts[keyPath: exemplars]
            return [all]
        case .statuses(let path):
            let statuses = counts[keyPath: path]
            return StatusCounts.labels.enumerated().map { point(.count(statuses[$0]), [("status", $1)]) }
        case .calls(let path):
            let statuses = counts[keyPath: path]
            return GRPCStatus.allCases.filter { statuses[$0] > 0 }.map {
                point(.count(statuses[$0]), [("status", "\($0.name)")])
            }
        case .reasons(let path):
            let reasons = counts[keyPath: path]
            // Only what occurred: forty series a route of which nearly all stay 0 are noise.
            return Reason.allCases.filter { reasons[$0] > 0 }.map {
                point(.count(reasons[$0]), [("reason", $0.code)])
            }
        case .criticalities(let path):
            let criticalities = counts[keyPath: path]
            return CriticalityCounts.labels.enumerated().map {
                point(.count(criticalities[$0]), [("criticality", $1)])
            }
        }
    }
}
