internal import ArgumentParser

struct BrainForget: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Have the brain of a running Aya forget what it has learned, advised and noticed.",
        discussion: """
            Series stay: 'aya history delete' removes those.

            \(AdminOptions.explanation)
            """)

    @OptionGroup var options: AdminOptions

    func run() throws {
        let address = try options.find()
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(address).ask("DELETE", "/v1/brain")
        } catch {
            throw Exit.failure("no answer from Aya at \(address): \(error)")
        }
        guard answer.status == 204 else { throw AdminAnswer.refusal(answer, from: address) }
    }
}
