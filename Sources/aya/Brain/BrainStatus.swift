internal import ArgumentParser
internal import FoundationEssentials

/// What `/v1/brain` tells.
struct BrainReport: Codable {
    struct Pool: Codable {
        struct Capacity: Codable {
            var requests_per_server: Double
            var knee_seen: Bool
            var quiet_latency: Double
            var confidence: Double
        }

        struct Balance: Codable {
            var workers: [String]
            var reason: String?
        }

        struct Forecast: Codable {
            var outcomes: Int
            var relative_error: Double
            var coverage80: Double
        }

        var name: String
        var functions: [String: String]
        var capacity: Capacity?
        var balance: Balance?
        var forecast: Forecast?
    }

    var series_watched: Int
    var incidents_open: Int
    var busy_seconds: Double
    var uptime_seconds: Double
    var pools: [Pool]
}

struct BrainStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what the brain of a running Aya does and has learned.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() throws {
        if json { return try BrainAnswer.print("/v1/brain", options) }
        let report: BrainReport = try AdminAnswer.get("/v1/brain", from: options.find())
        print(Self.text(report), terminator: "")
    }

    static func text(_ report: BrainReport) -> String {
        var table = Table([
            .left("POOL"), .left("FORECAST"), .left("ANOMALIES"), .left("PRECURSORS"), .left("CAPACITY"),
            .left("TUNES"),
            .right("A SERVER CARRIES"), .left("BALANCES BY"), .right("FORECASTS ERR"),
        ])
        for pool in report.pools {
            let carries = pool.capacity.map { ($0.knee_seen ? "" : "over ") + "\(rounded($0.requests_per_server))/s" }
            let tactics = Set(pool.balance?.workers ?? []).sorted().joined(separator: ", ")
            let functions = pool.functions
            table.add([
                pool.name, functions["forecast"] ?? "off", functions["anomalies"] ?? "off",
                functions["precursors"] ?? "off", functions["capacity"] ?? "off",
                functions["tune"] ?? "off", carries ?? "-",
                tactics.isEmpty ? "-" : tactics,
                pool.forecast.map { "\(rounded(100 * $0.relative_error)) %" } ?? "-",
            ])
        }
        let share = report.uptime_seconds > 0 ? 100 * report.busy_seconds / report.uptime_seconds : 0
        return table.lines.joined(separator: "\n")
            + "\n\n\(report.series_watched) series watched, \(report.incidents_open) incidents open, "
            + "\(rounded(share)) % of a processor\n"
    }

    static func rounded(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        return abs(value) >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    }
}

/// Answers that are shown as they come.
enum BrainAnswer {
    static func print(_ path: String, _ options: AdminOptions) throws {
        let address = try options.find()
        do {
            let body = try AdminClient(address).get(path)
            Swift.print(String(decoding: body, as: UTF8.self), terminator: "")
        } catch {
            throw AdminAnswer.silence(error, from: address)
        }
    }
}
