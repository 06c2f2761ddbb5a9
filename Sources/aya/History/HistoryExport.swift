internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaTelemetry

struct HistoryExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print series as CSV: a line for each time, a column for each series.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Argument(help: "Names such as 'pools/web/requests'; 'aya history list' prints them all.")
    var series: [String]

    @Option(help: "1s, 1m or 1h.")
    var resolution = "1s"

    @Option(help: "How far back, such as 30m, 2h or 7d.")
    var last = "5m"

    private struct Answer: Decodable {
        var resolution_seconds: Int64
        var start: Int64
        var series: [String: [Double?]]
    }

    func run() throws {
        guard let length = DurationText.parse(last), length > .zero else {
            throw ValidationError("'\(last)' is no duration such as 30m, 2h or 7d")
        }
        let names = series.map(PathEscape.escaped).joined(separator: ",")
        let answer: Answer = try AdminAnswer.get(
            "/v1/history?series=\(names)&resolution=\(PathEscape.escaped(resolution))&from=-\(length.components.seconds)",
            from: options.find())
        print((["time"] + series.map(Self.quoted)).joined(separator: ","))
        let columns = series.map { answer.series[$0] ?? [] }
        for index in 0..<(columns.map(\.count).max() ?? 0) {
            let cells = columns.map { column in
                index < column.count ? column[index].map { "\($0)" } ?? "" : ""
            }
            // Before the beginning there is nothing to tell.
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            let time = answer.start + Int64(index) * answer.resolution_seconds
            print(([Self.text(time)] + cells).joined(separator: ","))
        }
    }

    /// RFC 4180, for names with commas or quotes in them.
    private static func quoted(_ name: String) -> String {
        guard name.contains(where: { ",\"".contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    private static func text(_ seconds: Int64) -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(seconds * 1_000_000_000, to: &text)
        return text.string
    }
}
