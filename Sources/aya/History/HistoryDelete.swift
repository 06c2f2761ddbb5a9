internal import ArgumentParser

struct HistoryDelete: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Have a running Aya forget what it remembers of some things, or everything.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Argument(help: "What to forget, such as 'pools/web' or 'servers/web/127.0.0.1:9001'.")
    var subjects: [String] = []

    @Flag(help: "Forget everything.")
    var all = false

    func validate() throws {
        guard subjects.isEmpty == all else { throw ValidationError("name what to forget, or '--all'") }
    }

    func run() throws {
        let address = try options.find()
        let names = subjects.map(PathEscape.escaped).joined(separator: ",")
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(address).ask("DELETE", "/v1/history?" + (all ? "all" : "of=\(names)"))
        } catch {
            throw AdminAnswer.silence(error, from: address)
        }
        guard answer.status == 204 else { throw AdminAnswer.refusal(answer, from: address) }
    }
}
