internal import ArgumentParser

struct BrainExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print everything that the brain of a running Aya has learned, advised and noticed, as JSON.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    func run() throws { try BrainAnswer.print("/v1/brain/export", options) }
}
