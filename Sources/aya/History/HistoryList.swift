internal import ArgumentParser

struct HistoryList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print the names of all series.", discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    private struct Answer: Decodable {
        var series: [String]
    }

    func run() throws {
        let answer: Answer = try AdminAnswer.get("/v1/history/series", from: options.find())
        for name in answer.series { print(name) }
    }
}
