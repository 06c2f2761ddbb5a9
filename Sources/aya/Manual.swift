internal import ArgumentParser

struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Print the manual page.",
        discussion: "Read it with: aya man | man -l -")

    func run() throws {
        print(ManualPage(of: try CommandDescription.ofAya(), version: Aya.configuration.version).text, terminator: "")
    }
}
