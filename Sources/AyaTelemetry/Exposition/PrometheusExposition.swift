/// The Prometheus text format, version 0.0.4, or OpenMetrics 1.0 for those who ask for it.
package struct PrometheusExposition {
    package enum Format: Sendable {
        case text, openMetrics

        /// What a scraper's `Accept` prefers of the two; text without one.
        package init(accept: String?) {
            var best = (format: Format.text, quality: 0.0)
            for range in (accept ?? "").split(separator: ",") {
                let parts = range.split(separator: ";").map { $0.trimmedSpaces.lowercased() }
                let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
                let version = parts.first { $0.hasPrefix("version=") }?.dropFirst(8)
                let isKnown = version == nil || version == "1.0.0" || version == "0.0.1"
                switch parts.first {
                case "application/openmetrics-text" where isKnown && quality > best.quality:
                    best = (.openMetrics, quality)
                case "text/plain" where quality > best.quality, "*/*" where quality > best.quality,
                    "text/*" where quality > best.quality:
                    best = (.text, quality)
                default: break
                }
            }
            self = best.format
        }

        package var contentType: String {
            switch self {
            case .text: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    package static let contentType = Format.text.contentType

    package typealias Limits = MetricFamilies.Limits

    /// Upper bounds of the exposed buckets in nanoseconds: bounds of `Histogram`'s own, so that counts are exact.
    package static let bounds: [Int64] = [
        250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 20_000_000, 40_000_000, 80_000_000, 160_000_000,
        320_000_000, 640_000_000, 1_280_000_000, 2_560_000_000, 5_120_000_000, 10_240_000_000,
    ]

    private let format: Format
    private var text = ""

    private init(format: Format) { self.format = format }

    package static func render(
        _ snapshot: MetricsSnapshot, _ facts: ProcessFacts, as format: Format = .text, limits: Limits = Limits()
    ) -> String {
        var exposition = PrometheusExposition(format: format)
        MetricFamilies.walk(snapshot, facts, limits: limits) { metric, points in
            exposition.head(metric)
            for point in points { exposition.write(point, of: metric) }
        }
        if case .openMetrics = format { exposition.text += "# EOF\n" }
        return exposition.text
    }

    private mutating func write(_ point: MetricPoint, of metric: MetricName) {
        let labels = point.labels.map { Self.label($0.name, $0.value) }.joined(separator: ",")
        switch point.value {
        case .count(let count): line(metric.name, labels, "\(count)")
        case .level(let level): line(metric.name, labels, "\(level)")
        case .fraction(let fraction): line(metric.name, labels, Self.decimal(fraction))
        case .durations(let histogram): write(histogram, metric.name, labels, point.exemplars)
        }
    }

    private mutating func write(
        _ histogram: Histogram, _ name: String, _ labels: String, _ exemplars: Exemplars?
    ) {
        func exemplar(_ bucket: Int) -> String { exemplars?.exemplar(ofBucket: bucket).map(exemplarText) ?? "" }
        for (bucket, bound) in Self.bounds.enumerated() {
            let label = Self.label("le", Self.decimal(Double(bound) / 1e9))
            line(name + "_bucket", Self.joined(labels, label), "\(histogram.count(upTo: bound))\(exemplar(bucket))")
        }
        let all = "\(histogram.count)\(exemplar(Self.bounds.count))"
        line(name + "_bucket", Self.joined(labels, #"le="+Inf""#), all)
        line(name + "_sum", labels, Self.decimal(histogram.sum / .seconds(1)))
        line(name + "_count", labels, "\(histogram.count)")
    }

    /// ` # {trace_id="…",span_id="…"} <seconds> <when>`; the older format has no word for it.
    private func exemplarText(_ exemplar: Exemplars.Exemplar) -> String {
        guard case .openMetrics = format else { return "" }
        let (trace, seconds) = (exemplar.trace, Self.decimal(Double(exemplar.value) / 1e9))
        let labels =
            "trace_id=\"\(Self.digits(trace.high))\(Self.digits(trace.low))\",span_id=\"\(Self.digits(trace.span))\""
        return " # {\(labels)} \(seconds) \(exemplar.time / 1_000_000_000).\(Self.milliseconds(exemplar.time))"
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static func milliseconds(_ time: Int64) -> Substring {
        "\(1_000 + time / 1_000_000 % 1_000)".dropFirst()
    }

    private mutating func head(_ metric: MetricName) {
        var name = metric.name
        // OpenMetrics names the family of a counter, without what its samples end with.
        if case .openMetrics = format, metric.kind == .counter, name.hasSuffix("_total") { name.removeLast(6) }
        text += "# HELP \(name) \(metric.help)\n# TYPE \(name) \(metric.kind.rawValue)\n"
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

extension Substring {
    fileprivate var trimmedSpaces: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
