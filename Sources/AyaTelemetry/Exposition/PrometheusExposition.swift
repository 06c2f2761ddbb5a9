internal import AyaCore

/// The Prometheus text format, version 0.0.4.
///
/// The number of series is bounded whatever the configuration: beyond the limits, routes and servers are summed up under
/// the name `other`, because a scrape of a hundred thousand series helps nobody and costs everybody.
package struct PrometheusExposition {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// How many are exposed under their own names.
    package struct Limits: Sendable {
        package var routes = 1_000
        package var serversPerPool = 256
        package var certificates = 1_000
        package init() {}
    }

    /// Upper bounds of the exposed buckets in nanoseconds: bounds of `Histogram`'s own, so that counts are exact.
    package static let bounds: [Int64] = [
        250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 20_000_000, 40_000_000, 80_000_000, 160_000_000,
        320_000_000, 640_000_000, 1_280_000_000, 2_560_000_000, 5_120_000_000, 10_240_000_000,
    ]

    private var text = ""

    package static func render(_ snapshot: MetricsSnapshot, _ facts: ProcessFacts, limits: Limits = Limits()) -> String
    {
        var exposition = PrometheusExposition()
        exposition.write(facts, workers: snapshot.workers)
        exposition.write(WorkerCounts.columns, [("", snapshot.worker)])
        exposition.write(
            ListenerCounts.columns, snapshot.listeners.map { (label("listener", $0.name), $0.counts) })
        exposition.write(
            RouteCounts.columns, bounded(snapshot.routes, limits.routes).map { (label("route", $0.name), $0.counts) })
        // Each worker has met its own methods first, so all of them together may be more.
        let calls = bounded(snapshot.calls, CallMetrics.most)
        exposition.write(CallCounts.columns, calls.map { (label("method", $0.name), $0.counts) })
        exposition.write(PoolCounts.columns, snapshot.pools.map { (label("pool", $0.name), $0.counts) })
        let servers = snapshot.pools.flatMap { pool in
            bounded(pool.servers, limits.serversPerPool).map { server in
                (label("pool", pool.name) + "," + label("server", server.name), server.counts)
            }
        }
        exposition.write(ServerCounts.columns, servers)
        let health = snapshot.health.flatMap { pool in
            bounded(pool.servers, limits.serversPerPool).map { server in
                (label("pool", pool.pool) + "," + label("server", server.name), server.counts)
            }
        }
        exposition.write(HealthCounts.columns, health)
        // The rest would be of one kind, and run out unseen only if all of them did.
        let certificates = snapshot.certificates.sorted { $0.counts.expiry < $1.counts.expiry }
        let certificateRows = certificates.prefix(limits.certificates).map { sample in
            (
                label("listener", sample.listener) + "," + label("certificate", sample.certificate), sample.counts
            )
        }
        exposition.write(CertificateCounts.columns, Array(certificateRows))
        if let history = snapshot.history { exposition.write(HistoryCounts.columns, [("", history)]) }
        return exposition.text
    }

    /// The first `limit` samples, the rest as one.
    private static func bounded<Counts>(_ samples: [Sample<Counts>], _ limit: Int) -> [Sample<Counts>] {
        guard samples.count > limit else { return samples }
        var other = Sample(name: "other", counts: Counts())
        for sample in samples[limit...] { other.counts.add(sample.counts) }
        return samples[..<limit] + [other]
    }

    private mutating func write(_ facts: ProcessFacts, workers: Int) {
        single(.buildInfo, "1", labels: Self.label("version", facts.version))
        single(.generation, "\(facts.generation)")
        single(.workers, "\(workers)")
        single(.startTime, Self.decimal(facts.startTime))
        single(.processorTime, Self.decimal(facts.processorSeconds))
        single(.openDescriptors, "\(facts.openDescriptors)")
        single(.maximumDescriptors, "\(facts.maximumDescriptors)")
        single(.residentMemory, "\(facts.residentBytes)")
    }

    private mutating func single(_ metric: MetricName, _ value: String, labels: String = "") {
        head(metric)
        line(metric.name, labels, value)
    }

    private mutating func write<Counts>(_ columns: [MetricColumn<Counts>], _ rows: [(labels: String, counts: Counts)]) {
        guard !rows.isEmpty else { return }
        for column in columns {
            head(column.metric)
            for row in rows { write(column, row.labels, row.counts) }
        }
    }

    private mutating func write<Counts>(_ column: MetricColumn<Counts>, _ labels: String, _ counts: Counts) {
        let name = column.metric.name
        switch column.value {
        case .counter(let path): line(name, labels, "\(counts[keyPath: path])")
        case .gauge(let path): line(name, labels, "\(counts[keyPath: path])")
        case .statuses(let path):
            let statuses = counts[keyPath: path]
            for (index, status) in StatusCounts.labels.enumerated() {
                line(name, Self.joined(labels, Self.label("status", status)), "\(statuses[index])")
            }
        case .calls(let path):
            let statuses = counts[keyPath: path]
            for status in GRPCStatus.allCases where statuses[status] > 0 {
                line(name, Self.joined(labels, Self.label("status", "\(status.name)")), "\(statuses[status])")
            }
        case .reasons(let path):
            let reasons = counts[keyPath: path]
            // Only what occurred: forty series a route of which nearly all stay 0 are noise.
            for reason in Reason.allCases where reasons[reason] > 0 {
                line(name, Self.joined(labels, Self.label("reason", reason.code)), "\(reasons[reason])")
            }
        case .criticalities(let path):
            let criticalities = counts[keyPath: path]
            for (index, criticality) in CriticalityCounts.labels.enumerated() {
                line(name, Self.joined(labels, Self.label("criticality", criticality)), "\(criticalities[index])")
            }
        case .durations(let path): write(counts[keyPath: path], name, labels)
        }
    }

    private mutating func write(_ histogram: Histogram, _ name: String, _ labels: String) {
        for bound in Self.bounds {
            let label = Self.label("le", Self.decimal(Double(bound) / 1e9))
            line(name + "_bucket", Self.joined(labels, label), "\(histogram.count(upTo: bound))")
        }
        line(name + "_bucket", Self.joined(labels, #"le="+Inf""#), "\(histogram.count)")
        line(name + "_sum", labels, Self.decimal(histogram.sum / .seconds(1)))
        line(name + "_count", labels, "\(histogram.count)")
    }

    private mutating func head(_ metric: MetricName) {
        text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private static func joined(_ labels: String, _ more: String) -> String {
        labels.isEmpty ? more : "\(labels),\(more)"
    }

    /// `name="value"`, escaped as the format says: backslash, quote and line feed.
    private static func label(_ name: String, _ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return "\(name)=\"\(escaped)\""
    }

    /// A whole number without its `.0`.
    private static func decimal(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
