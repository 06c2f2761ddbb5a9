internal import AyaCore

/// The generated parts of the reference pages: what the code says, in Markdown.
package enum MetricsReference {
    package static var metrics: String {
        table(
            ["metric", "type", "labels", "meaning"],
            all.map { metric in
                [
                    "`\(metric.name)`", metric.kind.rawValue, metric.labels.map { "`\($0)`" }.joined(separator: " "),
                    metric.help,
                ]
            })
    }

    package static var accessKeys: String {
        table(["key", "meaning"], AccessKey.allCases.map { ["`\($0.name)`", "\($0.meaning)"] })
    }

    package static var reasons: String {
        table(
            ["reason", "blame", "status", "meaning"],
            Reason.allCases.map { reason in
                ["`\(reason.code)`", reason.blame?.rawValue ?? "–", "\(reason.status)", reason.title]
            })
    }

    /// In the order of the exposition.
    package static var all: [MetricName] {
        [
            .buildInfo, .generation, .workers, .silentWorkers, .startTime, .processorTime, .openDescriptors,
            .maximumDescriptors,
            .residentMemory,
        ] + WorkerCounts.columns.map(\.metric) + ListenerCounts.columns.map(\.metric)
            + RouteCounts.columns.map(\.metric) + CallCounts.columns.map(\.metric) + PoolCounts.columns.map(\.metric)
            + ServerCounts.columns.map(\.metric)
            + HealthCounts.columns.map(\.metric) + CertificateCounts.columns.map(\.metric)
            + HistoryCounts.columns.map(\.metric)
            + AccessLogCounts.columns.map(\.metric) + TraceCounts.columns.map(\.metric)
            + AlertCounts.columns.map(\.metric) + CapacityCounts.columns.map(\.metric)
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(head) + line(head.map { _ in "---" }) + rows.map(line).joined()
    }
}
