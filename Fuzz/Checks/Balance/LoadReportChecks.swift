internal import AyaBalance
internal import AyaCore

/// What must hold for any bytes in which a server may tell its load.
enum LoadReportChecks {
    static func bytes(_ bytes: [UInt8]) {
        if let report = LoadReport.parse(header: bytes.span) { expectBounds(report) }
        if let report = LoadReport.parse(json: bytes.span) { expectBounds(report) }
        let earlier = NodeExporterSample(page: bytes.span, now: Instant(nanoseconds: 0))
        let half = NodeExporterSample(page: bytes.span.extracting(0..<bytes.count / 2), now: Instant(nanoseconds: 5))
        guard let earlier, let half else { return }
        expectBounds(earlier.report(since: half))
        expectBounds(half.report(since: earlier))
    }

    private static func expectBounds(_ report: LoadReport) {
        for share in [report.cpu, report.memory, report.io, report.utilisation] {
            if let share { precondition(share >= 0 && share <= 500, "a share out of bounds") }
        }
        if let inFlight = report.inFlight { precondition(inFlight >= 0, "less than nothing in flight") }
        if let latency = report.latency { precondition(latency >= .zero, "answered before it was asked") }
    }
}
