internal import ArgumentParser
internal import FoundationEssentials

/// Everything the brain has to say about one pool, in sentences.
struct BrainWhy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain what the brain of a running Aya does about a pool.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Argument(help: "The pool.")
    var pool: String

    private struct Incidents: Codable {
        struct Incident: Codable {
            struct Culprit: Codable {
                var dimension: String
                var value: String
                var share: Double
            }

            var id: Int
            var subject: String
            var state: String
            var began: Double
            var evidence: [String]
            var culprits: [Culprit]
        }

        var incidents: [Incident]
    }

    func run() throws {
        let address = try options.find()
        let report: BrainReport = try AdminAnswer.get("/v1/brain", from: address)
        guard let known = report.pools.first(where: { $0.name == pool }) else {
            throw Exit.failure("there is no pool '\(pool)'")
        }
        let advice: AdviceReport = try AdminAnswer.get("/v1/brain/advice", from: address)
        let incidents: Incidents = try AdminAnswer.get("/v1/brain/incidents", from: address)
        var lines = Self.sentences(about: known)
        let related = incidents.incidents.filter { $0.subject.contains("pool \(pool)") }
        for incident in related.suffix(5) {
            let culprits = incident.culprits.map {
                "\($0.dimension) \($0.value) (\(Int((100 * $0.share).rounded())) %)"
            }
            let blame = culprits.isEmpty ? "" : ", from \(culprits.joined(separator: ", "))"
            lines.append(
                "Incident \(incident.id) (\(incident.state)) since \(WallTime.text(incident.began)): "
                    + "\(incident.evidence.joined(separator: ", "))\(blame).")
        }
        for one in advice.advice.filter({ concerns($0.subject) }).suffix(10) {
            lines.append(
                "\(WallTime.text(one.time)): \(one.action), since \(one.reason) "
                    + "(\(one.outcome ?? "nothing came of it yet")).")
        }
        print(lines.joined(separator: "\n"))
    }

    private func concerns(_ subject: String) -> Bool {
        subject == "pools/\(pool)" || subject.hasPrefix("servers/\(pool)/")
    }

    static func sentences(about pool: BrainReport.Pool) -> [String] {
        if pool.functions.isEmpty { return ["The brain is off for \(pool.name)."] }
        var lines = [
            "\(pool.name): " + pool.functions.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
        ]
        if let capacity = pool.capacity {
            let carries = "\(BrainStatus.rounded(capacity.requests_per_server))/s"
            lines.append(
                capacity.knee_seen
                    ? "One server carries \(carries): beyond, its latency is more than twice that of a quiet one."
                    : "One server carries \(carries) at least; its limit has not been seen.")
        } else {
            lines.append("What one server carries is not known yet.")
        }
        if let balance = pool.balance {
            lines.append(
                "It balances by \(Set(balance.workers).sorted().joined(separator: " and "))"
                    + (balance.reason.map { ": \($0)." } ?? ", and nothing else has proved better."))
        }
        if let forecast = pool.forecast {
            lines.append(
                "Of \(forecast.outcomes) minutes that were forecast, \(Int((100 * forecast.coverage80).rounded())) % fell "
                    + "within the bounds for 80 %; the mean error was "
                    + "\(BrainStatus.rounded(100 * forecast.relative_error)) %.")
        }
        return lines
    }
}
