internal import ArgumentParser
internal import AyaBrain

/// A recorded demand again, under other policies about servers.
struct BrainReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run a recorded day again under other policies, and compare what it costs.",
        discussion: """
            Reads lines 'timestamp,value' of requests a second, as 'aya history export' writes them, and compares the \
            brain's number of servers with a reactive one of the same cost and with fixed numbers: server-hours, seconds \
            in which demand was more than the servers carry, p99 by a model of the pool, and requests that found no \
            room. What comes before the replayed part is the history that forecasts know.
            """)

    @Argument(help: "The file; '-' is standard input.")
    var file = "-"

    @Option(help: ArgumentHelp("Requests a second that one server carries.", valueName: "rate"))
    var carries: Double

    @Option(help: ArgumentHelp("Seconds that a request takes on a quiet server.", valueName: "seconds"))
    var latency = 0.02

    @Option(help: ArgumentHelp("Seconds from the wish for a server to its first request.", valueName: "seconds"))
    var leadTime = 300.0

    @Option(help: "The fewest servers.")
    var min = 1

    @Option(help: "The most servers.")
    var max = 100

    @Option(
        help: ArgumentHelp(
            "How little of the uncertainty is provided for, from 0 to 1.", valueName: "share"))
    var costWeight = 0.25

    @Option(help: ArgumentHelp("Hours at the end that are replayed.", valueName: "hours"))
    var hours = 24.0

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard carries > 0, carries.isFinite, latency > 0, leadTime > 0, hours > 0 else {
            throw ValidationError("Rates, times and hours must be more than 0.")
        }
        guard min >= 1, max >= min, max <= 100_000 else { throw ValidationError("'min' is 1 to 'max'.") }
        guard (0...1).contains(costWeight) else { throw ValidationError("The cost weight is 0 to 1.") }
    }

    func run() throws {
        let source = file == "-" ? TextFile.standardInput : TextFile(path: file)
        let samples = Sample.all(in: Array(try source.read().utf8))
        guard !samples.isEmpty else { throw Exit.failure("no line 'timestamp,value' in '\(file)'") }
        let history = History(samples, limit: 500_000)
        let steps = Int(Swift.min(hours * 3_600 / history.step, 1e9).rounded())
        let each = CapacityCurve.Estimate(throughput: carries, isSeen: true, quietLatency: latency, confidence: 1)
        let replay = CapacityReplay(
            demand: history.values, step: history.step, start: Swift.max(0, history.values.count - steps),
            capacity: each, leadTime: leadTime, decisionInterval: Swift.max(60, history.step))
        var policy = CapacityPolicy(least: min, most: max, leadTime: leadTime)
        policy.costWeight = costWeight
        let rows = ReplayComparison(replay, policy).rows
        print(json ? Self.json(rows) : Self.table(rows))
    }

    private static func table(_ rows: [ReplayComparison.Row]) -> String {
        var table = Table([
            .left("SERVERS"), .right("SERVER-HOURS"), .right("OVERLOAD"), .right("P99"), .right("NO ROOM"),
            .right("CHANGES"), .right("MOST"),
        ])
        for row in rows {
            let outcome = row.outcome
            table.add([
                row.name, BrainStatus.rounded(outcome.serverHours), "\(Int(outcome.overloadSeconds)) s",
                "\(BrainStatus.rounded(1_000 * outcome.p99)) ms", "\(BrainStatus.rounded(100 * outcome.errorShare)) %",
                "\(outcome.changes)", "\(outcome.mostServers)",
            ])
        }
        return table.lines.joined(separator: "\n")
    }

    private static func json(_ rows: [ReplayComparison.Row]) -> String {
        let texts = rows.map { row in
            let outcome = row.outcome
            return "{\"policy\":\"\(row.name)\",\"server_hours\":\(outcome.serverHours),"
                + "\"overload_seconds\":\(outcome.overloadSeconds),\"p99\":\(outcome.p99),"
                + "\"error_share\":\(outcome.errorShare),\"changes\":\(outcome.changes),"
                + "\"most_servers\":\(outcome.mostServers)}"
        }
        return "{\"policies\":[\(texts.joined(separator: ","))]}"
    }
}
