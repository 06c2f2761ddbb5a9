internal import ArgumentParser
internal import FoundationEssentials

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a running Aya wants its operators to know.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the list as JSON.")
    var json = false

    private struct Answer: Codable {
        var alerts: [One]
    }

    private struct One: Codable {
        var name: String
        var subject: String
        var urgency: String
        var state: String
        var since: String
        var value: Double
        var threshold: Double
        var reason: String
        var silencedUntil: String?

        enum CodingKeys: String, CodingKey {
            case name, subject, urgency, state, since, value, threshold, reason
            case silencedUntil = "silenced_until"
        }
    }

    func run() throws {
        let answer: Answer = try AdminAnswer.get("/v1/alerts", from: options.find())
        if json { return print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)) }
        guard !answer.alerts.isEmpty else { return print("no alerts") }
        var table = Table([.left("STATE"), .left("URGENCY"), .left("SINCE"), .left("ALERT"), .left("OF"), .left("WHY")])
        for one in answer.alerts {
            let since = one.since.prefix(19).replacing("T", with: " ")
            let state = one.silencedUntil == nil ? one.state : "\(one.state), silenced"
            table.add([state, one.urgency, String(since), one.name, one.subject, one.reason])
        }
        print(table.lines.joined(separator: "\n"))
    }
}
