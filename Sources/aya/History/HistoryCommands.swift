internal import ArgumentParser

/// `aya history …`: what a running Aya remembers.
struct HistoryCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Read what a running Aya remembers, or have it forget.",
        subcommands: [HistoryList.self, HistoryExport.self, HistoryDelete.self])
}
