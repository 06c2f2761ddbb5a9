internal import ArgumentParser
internal import AyaConfig
internal import AyaServer
internal import FoundationEssentials
internal import Glibc

struct Difference: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how two configurations differ.",
        discussion: """
            Without arguments: what 'aya reload' would change, which is how the configuration's file differs from what \
            runs. Each side is 'running', 'file' or a generation's number; two paths are compared without a running \
            Aya. \(AdminOptions.explanation)
            """)

    @Argument(help: "The older side (default: running).")
    var from: String?

    @Argument(help: "The newer side (default: file).")
    var to: String?

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the differences as JSON.")
    var json = false

    private struct Answer: Codable {
        var summary: String
        var changes: [String]
    }

    func run() throws {
        let answer: Answer
        if let from, let to, isPath(from), isPath(to) {
            let (old, new) = (try ConfigurationFile.load(from).blueprint, try ConfigurationFile.load(to).blueprint)
            let difference = BlueprintDifference(from: old, to: new)
            answer = Answer(summary: difference.summary, changes: difference.lines)
        } else {
            for side in [from, to].compactMap(\.self) where !["running", "file"].contains(side) && Int(side) == nil {
                throw ValidationError("'\(side)' is no generation's number, nor 'running' or 'file'.")
            }
            answer = try AdminAnswer.get("/v1/diff?from=\(from ?? "running")&to=\(to ?? "file")", from: options.find())
        }
        if json {
            print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
        } else {
            print(([answer.summary] + answer.changes.map { "  \($0)" }).joined(separator: "\n"))
        }
    }

    private func isPath(_ side: String) -> Bool {
        guard !["running", "file"].contains(side), Int(side) == nil else { return false }
        return unsafe access(side, F_OK) == 0
    }
}
