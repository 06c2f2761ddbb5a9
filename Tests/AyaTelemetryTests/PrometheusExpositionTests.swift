internal import AyaTelemetry
internal import Testing

@Suite struct PrometheusExpositionTests {
    static let facts = ProcessFacts(
        version: "1.2", generation: 3, startTime: 1_769_903_999.5, processorSeconds: 2, openDescriptors: 7,
        maximumDescriptors: 1_024, residentBytes: 4_096)

    static func lines(_ snapshot: MetricsSnapshot, limits: PrometheusExposition.Limits = .init()) -> [String] {
        PrometheusExposition.render(snapshot, facts, limits: limits).split(separator: "\n").map(String.init)
    }

    @Test func countersAndLabels() {
        let lines = Self.lines(WorkerMetricsTests.busy().snapshot())
        for expected in [
            #"aya_build_info{version="1.2"} 1"#,
            "process_start_time_seconds 1769903999.5",
            "process_cpu_seconds_total 2",
            "aya_worker_loop_turns_total 1",
            #"aya_listener_requests_total{listener="web"} 1"#,
            #"aya_listener_sessions_total{listener="web",reason="client_gone"} 1"#,
            #"aya_route_requests_total{route="site",status="2xx"} 1"#,
            #"aya_route_requests_total{route="api",status="2xx"} 0"#,
            #"aya_route_failures_total{route="site",reason="no_server"} 1"#,
            #"aya_pool_retries_total{pool="app"} 1"#,
            #"aya_server_connects_total{pool="app",server="127.0.0.1:2"} 1"#,
            #"aya_route_request_duration_seconds_bucket{route="site",le="0.0005"} 0"#,
            #"aya_route_request_duration_seconds_bucket{route="site",le="0.001"} 1"#,
            #"aya_route_request_duration_seconds_bucket{route="site",le="+Inf"} 1"#,
            #"aya_route_request_duration_seconds_sum{route="site"} 0.001"#,
            #"aya_route_request_duration_seconds_count{route="site"} 1"#,
        ] { #expect(lines.contains(expected), "\(expected)") }
    }

    @Test func everyLineIsWellFormed() throws {
        let lines = Self.lines(WorkerMetricsTests.busy().snapshot())
        let sample = try Regex(#"[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+"#)
        var described: Set<String> = []
        for line in lines {
            if line.hasPrefix("# TYPE") {
                #expect(described.insert(line).inserted, "twice: \(line)")
            } else if !line.hasPrefix("# HELP") {
                #expect(line.wholeMatch(of: sample) != nil, "\(line)")
            }
        }
    }

    @Test func bucketsOnlyGrow() {
        var histogram = Histogram()
        for value in stride(from: Int64(10_000), to: 20_000_000_000, by: 70_000_001) { histogram.record(value) }
        let counts = PrometheusExposition.bounds.map { histogram.count(upTo: $0) }
        #expect(counts == counts.sorted() && (counts.last ?? 0) < histogram.count)
        for bound in PrometheusExposition.bounds {
            #expect(Histogram.upperBound(of: Histogram.bucket(of: bound)) == bound)
        }
    }

    /// Two workers have noted exchanges: each bucket names the later one, in OpenMetrics alone.
    @Test func bucketsNameTraces() {
        let shape = MetricsShape(listeners: ["web"], routes: ["site"])
        var snapshots: [MetricsSnapshot] = []
        for (worker, milliseconds) in [(1, 3), (2, 3), (3, 30_000)] {
            let metrics = WorkerMetrics(shape: shape)
            let trace = TracePlace(high: 10, low: UInt64(worker), span: 255, isSampled: true)
            let value = Int64(milliseconds) * 1_000_000
            metrics.routes[0].counts.duration.record(value)
            metrics.routes[0].counts.exemplars.note(
                .init(trace, value: value, time: 1_769_903_999_000_000_000 + Int64(worker) * 5_000_000))
            snapshots.append(metrics.snapshot())
        }
        let sum = MetricsSnapshot.merge(snapshots)
        let trace = #"trace_id="000000000000000a000000000000000"#
        let text = PrometheusExposition.render(sum, Self.facts, as: .openMetrics)
        let lines = text.split(separator: "\n").filter { $0.contains(" # {") }.map(String.init)
        let name = #"aya_route_request_duration_seconds_bucket{route="site",le="#
        #expect(
            lines == [
                name + #""0.005"} 2 # {\#(trace)2",span_id="00000000000000ff"} 0.003 1769903999.010"#,
                name + #""+Inf"} 3 # {\#(trace)3",span_id="00000000000000ff"} 30 1769903999.015"#,
            ])
        #expect(!PrometheusExposition.render(sum, Self.facts).contains(" # {"))
    }

    @Test func labelsAreEscaped() {
        let snapshot = WorkerMetrics(shape: MetricsShape(listeners: ["a\"b\\c\nd"])).snapshot()
        #expect(Self.lines(snapshot).contains(#"aya_listener_requests_total{listener="a\"b\\c\nd"} 0"#))
    }

    @Test func whatIsBeyondTheLimitIsSummedUp() {
        let metrics = WorkerMetrics(
            shape: MetricsShape(
                routes: (0..<20).map { "r\($0)" },
                pools: [MetricsShape.Pool(name: "p", servers: (0..<20).map { "s\($0)" })]))
        for route in metrics.routes { route.counts.requests.record(status: 200) }
        for server in metrics.pools[0].servers { server.counts.reused &+= 2 }
        var limits = PrometheusExposition.Limits()
        limits.routes = 5
        limits.serversPerPool = 4
        let lines = Self.lines(metrics.snapshot(), limits: limits)
        #expect(lines.count { $0.contains(#"status="2xx""#) && $0.hasPrefix("aya_route") } == 6)
        #expect(lines.contains(#"aya_route_requests_total{route="other",status="2xx"} 15"#))
        #expect(lines.contains(#"aya_server_connections_reused_total{pool="p",server="other"} 32"#))
    }

    @Test func namesFollowTheRules() {
        let names = MetricsReference.all.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in MetricsReference.all {
            #expect(metric.name.hasPrefix("aya_") || metric.name.hasPrefix("process_"), "\(metric.name)")
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
        }
    }
}
