internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct LoadReportTests {
    static func header(_ text: String) -> LoadReport? { LoadReport.parse(header: Array(text.utf8).span) }
    static func json(_ text: String) -> LoadReport? { LoadReport.parse(json: Array(text.utf8).span) }
    static let start = BalancerConformanceTests.start

    @Test func headerInTextForm() {
        let report = Self.header(
            "TEXT cpu_utilization=0.3, mem_utilization=0.85,named_metrics.io=0.2, named_metrics.rif=12, rps_fractional=7"
        )
        #expect(report == LoadReport(cpu: 0.3, memory: 0.85, io: 0.2, inFlight: 12))
        #expect(
            Self.header("cpu=1e-1,latency_ms=4.5") == LoadReport(cpu: 0.1, latency: Interval(nanoseconds: 4_500_000)))
        #expect(Self.header("JSON {\"cpu_utilization\": 0.5}") == LoadReport(cpu: 0.5))
    }

    @Test(arguments: [
        "", "TEXT ", "TEXT", "=", "cpu", "cpu=", "cpu=x", "cpu=-1", "cpu=.", "cpu=1e", ",,,", "JSON", "JSON x",
    ])
    func nonsenseIsNothing(text: String) { #expect(Self.header(text) == nil) }

    @Test func hugeNumbersAreBounded() {
        let report = Self.header("cpu=1e300,rif=99999999999999999999999,latency_ms=1e99")
        #expect(
            report == LoadReport(cpu: 100, inFlight: 1_000_000_000, latency: Interval(nanoseconds: 3_600_000_000_000)))
    }

    @Test func jsonTakesItsOwnMembersOnly() {
        let text = #"{"name":"a\"}b","nested":{"cpu":9,"list":[1,{"io":3}]},"cpu":0.41,"memory":6e-1,"rif":3,"x":[5]}"#
        #expect(Self.json(text) == LoadReport(cpu: 0.41, memory: 0.6, inFlight: 3))
        #expect(Self.json("{}") == nil)
        #expect(Self.json("[0.5]") == nil)
        #expect(Self.json("{\"cpu\":") == nil)
        #expect(Self.json("\"cpu\\") == nil)
    }

    @Test func utilisationIsTheScarcest() {
        #expect(LoadReport(cpu: 0.3, memory: 0.7, io: 0.4).utilisation == 0.4)
        #expect(abs((LoadReport(cpu: 0.3, memory: 0.9).utilisation ?? 0) - 0.5) < 1e-9)
        #expect(LoadReport(inFlight: 3).utilisation == nil)
    }

    @Test func nodeExporterPagesMakeAReport() throws {
        func page(idle: Int, busy: Int, io: Int) -> [UInt8] {
            Array(
                """
                # HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
                node_cpu_seconds_total{cpu="0",mode="idle"} \(idle)
                node_cpu_seconds_total{cpu="0",mode="user"} \(busy)
                node_disk_io_time_seconds_total{device="sda"} \(io)
                node_memory_MemAvailable_bytes 2.5e+09
                node_memory_MemTotal_bytes 1e+10
                """.utf8)
        }
        func sample(_ page: [UInt8], _ now: Instant) -> NodeExporterSample? {
            NodeExporterSample(page: page.span, now: now)
        }
        let first = try #require(sample(page(idle: 100, busy: 50, io: 10), Self.start))
        let second = try #require(
            sample(page(idle: 106, busy: 54, io: 13), Self.start + .seconds(10)))
        let report = second.report(since: first)
        #expect(abs((report.cpu ?? 0) - 0.4) < 1e-9)
        #expect(abs((report.io ?? 0) - 0.3) < 1e-9)
        #expect(abs((report.memory ?? 0) - 0.75) < 1e-9)
        #expect(sample(Array("hello\n\n".utf8), Self.start) == nil)
    }

    /// Whatever bytes come, nothing traps.
    @Test func anyBytesAreRead() {
        var random = RandomSource(seed: 5)
        let alphabet = Array("TEXTJSON cpu=0.5,e+-{}[]\":\\\n_meorynid 1234node_cpu_seconds_total".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<40, using: &random)
            let bytes = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            _ = LoadReport.parse(header: bytes.span)
            _ = LoadReport.parse(json: bytes.span)
            _ = NodeExporterSample(page: bytes.span, now: Self.start)
        }
    }

    /// A server that reports three quarters of its processors busy gets a quarter of what an idle one gets.
    @Test func resourceFollowsReports() {
        let pool = PoolView(weights: [1, 1])
        let balancer = BalancerKind.resource.makeBalancer(for: pool)
        pool.report(LoadReport(cpu: 0.75), of: 0, now: Self.start)
        pool.report(LoadReport(cpu: 0), of: 1, now: Self.start)
        var random = RandomSource(seed: 1)
        for _ in 0..<500 {
            let request = PickRequest(now: Self.start)
            if let server = balancer.pick(pool, request, excluding: .none, random: &random) { pool.begin(server) }
        }
        #expect(abs(pool.load(0) - 100) <= 2, "\(pool.load(0))")
    }
}

@Suite struct PollPaceTests {
    private static let second = Interval.seconds(1)

    /// The interval after each of these numbers of requests, a second apart.
    private func intervals(_ totals: [Int], servers: Int = 6) -> [Interval] {
        var pace = PollPace(longest: Self.second, servers: servers)
        return totals.enumerated().map { index, total in
            pace.interval(total: total, now: Instant(nanoseconds: Int64(index + 1) * 1_000_000_000))
        }
    }

    @Test func aQuietPoolIsAskedAtItsInterval() { #expect(intervals([0, 0, 1]).allSatisfy { $0 == Self.second }) }

    @Test func threeQuestionsForEachPickAreSpreadOverTheServers() {
        // 100 picks a second make 300 questions, 50 to each of six servers.
        #expect(intervals([0, 100])[1] == .milliseconds(20))
    }

    @Test func askingIsBounded() {
        #expect(intervals([0, 1_000_000], servers: 1)[1] == .milliseconds(10))
        #expect(intervals([.max, .min, 0]).allSatisfy { $0 >= .milliseconds(10) && $0 <= Self.second })
    }

    @Test func questionsBecomeFewerOverAFewLooks() {
        let quiet = intervals([0, 100] + Array(repeating: 100, count: 30))
        #expect(zip(quiet.dropFirst(), quiet.dropFirst(2)).allSatisfy { $0 <= $1 })
        #expect(quiet[2] < .milliseconds(40) && quiet.last == Self.second)
    }
}
