internal import ArgumentParser
internal import FoundationEssentials

struct Generations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the latest configurations of a running Aya.", discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the list as JSON.")
    var json = false

    private struct Answer: Codable {
        var generations: [Generation]
    }

    private struct Generation: Codable {
        var generation: Int
        var time: String
        var origin: String
        var summary: String
        var running: Bool
    }

    func run() throws {
        let answer: Answer = try AdminAnswer.get("/v1/generations", from: options.find())
        if json { return print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)) }
        var table = Table([.right("GENERATION"), .left(""), .left("TIME"), .left("BY"), .left("CHANGES")])
        for one in answer.generations.reversed() {
            let time = one.time.prefix(19).replacing("T", with: " ")
            table.add(["\(one.generation)", one.running ? "runs" : "", String(time), one.origin, one.summary])
        }
        print(table.lines.joined(separator: "\n"))
    }
}
