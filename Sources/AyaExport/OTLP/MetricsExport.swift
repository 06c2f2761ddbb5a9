internal import AyaCore
internal import AyaHTTP
package import AyaTelemetry

/// Sends metrics by OTLP over HTTP (`POST /v1/metrics`, opentelemetry/proto/metrics/v1): what a scraper would read, for
/// those who have none.
package struct MetricsExport: Sendable {
    private let caller: HTTPCaller
    private let address: HTTPAddress
    private let headers: [(name: String, value: String)]
    private let resource: OTLPResource

    package static let path = "/v1/metrics"

    package init(
        _ caller: HTTPCaller, _ address: HTTPAddress, headers: [(name: String, value: String)], _ resource: OTLPResource
    ) {
        self.caller = caller
        self.address = address.adding(path: Self.path)
        self.headers = headers + [("Content-Type", "application/x-protobuf")]
        self.resource = resource
    }

    /// Nil when it was taken, or why not. What is not taken is not sent again: the next time says it all.
    ///
    /// - Parameter time: nanoseconds since 1970.
    package func send(_ snapshot: MetricsSnapshot, _ facts: ProcessFacts, time: Int64) async -> String? {
        let body = request(snapshot, facts, time: time)
        switch await caller.callAsync(HTTPCall(address, headers: headers, body: body)) {
        case .failure(let fault): return fault.description
        case .success(let answer) where (200...299).contains(answer.status): return nil
        case .success(let answer): return "\(address.host) answered \(answer.status): \(answer.excerpt)"
        }
    }

    private func request(_ snapshot: MetricsSnapshot, _ facts: ProcessFacts, time: Int64) -> [UInt8] {
        let start = UInt64(max(0, facts.startTime) * 1e9)
        let now = UInt64(clamping: time)
        var metrics = ProtobufWriter()
        metrics.scope(1, version: resource.version)
        MetricFamilies.walk(snapshot, facts) { metric, points in
            metrics.message(2) { $0.write(metric, points, start: start, now: now) }
        }
        var request = ProtobufWriter()
        request.message(1) { writer in
            writer.resource(1, resource)
            writer.data(2, metrics.bytes)
        }
        return request.bytes
    }
}

/// The fields of a `Metric`.
extension ProtobufWriter {
    fileprivate mutating func write(_ metric: MetricName, _ points: [MetricPoint], start: UInt64, now: UInt64) {
        text(1, metric.name)
        text(2, metric.help)
        // By the Unified Code for Units of Measure, as OpenTelemetry has it.
        if metric.name.contains("_seconds") { text(3, "s") } else if metric.name.contains("_bytes") { text(3, "By") }
        switch metric.kind {
        case .gauge: message(5) { $0.write(points, start: 0, now: now) }
        case .counter:
            message(7) { writer in
                writer.write(points, start: start, now: now)
                // Cumulative, and monotonic.
                writer.varint(2, 2)
                writer.varint(3, 1)
            }
        case .histogram:
            message(9) { writer in
                writer.write(points, start: start, now: now)
                writer.varint(2, 2)
            }
        }
    }

    private mutating func write(_ points: [MetricPoint], start: UInt64, now: UInt64) {
        for point in points {
            message(1) { writer in
                if start > 0 { writer.fixed64(2, start) }
                writer.fixed64(3, now)
                switch point.value {
                case .count(let count): writer.fixed64(6, UInt64(clamping: Int64(clamping: count)))
                case .level(let level): writer.fixed64(6, UInt64(bitPattern: Int64(level)))
                case .fraction(let fraction): writer.double(4, fraction)
                case .durations(let histogram): writer.write(histogram)
                }
                for exemplar in point.exemplars?.all ?? [] { writer.write(exemplar) }
                // The attributes' number is another in the point of a histogram.
                let field: UInt64 = if case .durations = point.value { 9 } else { 7 }
                for label in point.labels { writer.attribute(field, label.name, .text(label.value)) }
            }
        }
    }

    /// Of a point of a histogram.
    private mutating func write(_ exemplar: Exemplars.Exemplar) {
        message(8) { writer in
            writer.fixed64(2, UInt64(clamping: exemplar.time))
            writer.double(3, Double(exemplar.value) / 1e9)
            writer.data(4, OTLPIdentifier.bytes(exemplar.trace.span))
            writer.data(5, OTLPIdentifier.bytes(exemplar.trace.high) + OTLPIdentifier.bytes(exemplar.trace.low))
        }
    }

    private mutating func write(_ histogram: Histogram) {
        var counts: [UInt64] = []
        var below: UInt64 = 0
        for bound in PrometheusExposition.bounds {
            let count = histogram.count(upTo: bound)
            counts.append(count &- below)
            below = count
        }
        let all = histogram.count
        counts.append(all &- below)
        fixed64(4, all)
        double(5, histogram.sum / .seconds(1))
        packedFixed64(6, counts)
        packedFixed64(7, PrometheusExposition.bounds.map { (Double($0) / 1e9).bitPattern })
    }
}
