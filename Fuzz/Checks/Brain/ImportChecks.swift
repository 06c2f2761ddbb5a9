internal import AyaBrain

/// What must hold for any line of a log, and any answer of Prometheus.
enum ImportChecks {
    /// After a byte that says which format it is.
    static func bytes(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let formats = ImportFormat.allCases
        let format = formats[Int(first) % formats.count]
        let rest = Array(bytes.dropFirst())
        switch format {
        case .csv: expectSound(Sample.all(in: rest))
        case .prometheus:
            let samples = PrometheusAnswer.samples(rest)
            expectSound(samples)
            precondition(zip(samples, samples.dropFirst()).allSatisfy { $0.time < $1.time }, "not in order")
        case .aya, .combined, .haproxy, .alb:
            var minutes = LogMinutes()
            for line in rest.split(separator: UInt8(ascii: "\n")) {
                minutes.add(line, format)
                guard let row = LogLine.row(line, format) else { continue }
                precondition(row.time >= 0 && (100...999).contains(row.status), "no request")
                precondition(row.duration.map { $0 >= 0 && $0.isFinite } ?? true, "no duration")
            }
            let sum = minutes.minutes.values.reduce(0) { $0 + $1.requests }
            precondition(sum + minutes.unread <= rest.count, "more requests than lines")
        }
    }

    private static func expectSound(_ samples: [Sample]) {
        precondition(samples.allSatisfy { $0.time.isFinite && !$0.value.isInfinite }, "a number that is none")
    }
}
