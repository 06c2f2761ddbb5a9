internal import AyaTelemetry

/// Turns what the clients saw and what Aya counted into the figures of each moment.
struct DemoFrames {
    struct Frame {
        var time: Duration
        var requestsPerSecond: Double
        var p50: Double?
        var p99: Double?
        var failures: Int
        var retries: Int
        var servers: [Server]

        struct Server {
            var address: String
            var requestsPerSecond: Double
            /// Of all answers in this moment, 0 to 1.
            var share: Double
            /// As everywhere: `available`, `down`, `draining`.
            var state: String
        }
    }

    struct Summary {
        var time: Duration
        var requests: Int
        var failures: Int
        var retries: Int
        var p50: Double?
        var p99: Double?
    }

    private let stage: DemoStage
    private let load: DemoLoad
    private var before: ServerReport?
    private var time = Duration.zero

    init(stage: DemoStage, load: DemoLoad) {
        self.stage = stage
        self.load = load
        before = stage.report()
    }

    mutating func next(at now: Duration) -> Frame {
        let tally = load.takeWindow()
        let report = stage.report()
        let length = max((now - time) / .seconds(1), 0.001)
        let answers = Self.answers(report).map(\.requests)
        let answersBefore = Self.answers(before).map(\.requests)
        let grown = zip(answers, answersBefore).map { max(0, $0 - $1) }
        let all = max(1, grown.reduce(0, +))
        let servers = zip(Self.answers(report), grown).map { server, count in
            Frame.Server(
                address: server.address, requestsPerSecond: Double(count) / length, share: Double(count) / Double(all),
                state: server.state)
        }
        time = now
        before = report ?? before
        return Frame(
            time: now, requestsPerSecond: Double(tally.requests) / length,
            p50: tally.latency.quantile(0.5).map { $0 / .seconds(1) },
            p99: tally.latency.quantile(0.99).map { $0 / .seconds(1) }, failures: load.total.failures,
            retries: Self.retries(report), servers: servers)
    }

    func summary(of time: Duration) -> Summary {
        let total = load.total
        return Summary(
            time: time, requests: total.requests, failures: total.failures, retries: Self.retries(stage.report()),
            p50: total.latency.quantile(0.5).map { $0 / .seconds(1) },
            p99: total.latency.quantile(0.99).map { $0 / .seconds(1) })
    }

    private static func answers(_ report: ServerReport?) -> [(address: String, requests: Int, state: String)] {
        (report?.pools.first?.servers ?? []).map { ($0.address, $0.requestCount, $0.state) }
    }

    private static func retries(_ report: ServerReport?) -> Int { report?.pools.first?.retries ?? 0 }
}
