internal import ArgumentParser
internal import FoundationEssentials

/// What `/v1/brain/advice` tells.
struct AdviceReport: Codable {
    struct Advice: Codable {
        var id: Int
        var time: Double
        var kind: String
        var subject: String
        var action: String
        var value: Double?
        var confidence: Double
        var reason: String
        var expiry_seconds: Double
        var outcome: String?
    }

    var advice: [Advice]
}

struct BrainAdviceList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advice", abstract: "List what the brain of a running Aya advised, and what became of it.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Option(help: ArgumentHelp("Only about this, such as 'pools/web'.", valueName: "subject"))
    var of: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() throws {
        if json { return try BrainAnswer.print("/v1/brain/advice", options) }
        let report: AdviceReport = try AdminAnswer.get("/v1/brain/advice", from: options.find())
        var table = Table([
            .right("ID"), .left("TIME"), .left("SUBJECT"), .left("ADVICE"), .right("SURE"), .left("OUTCOME"),
            .left("REASON"),
        ])
        for one in report.advice.reversed() where of == nil || one.subject == of {
            table.add([
                "\(one.id)", WallTime.text(one.time), one.subject, one.action,
                "\(Int((100 * one.confidence).rounded())) %", one.outcome ?? "-", one.reason,
            ])
        }
        print(table.lines.joined(separator: "\n"))
    }
}
