internal import ArgumentParser

/// What learns, from the command line.
struct Brain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask what Aya learns, from a running one or from series of measurements.",
        subcommands: [
            BrainStatus.self, BrainWhy.self, BrainAdviceList.self, BrainReplay.self, BrainImport.self,
            BrainExport.self, BrainForget.self,
            BrainForecast.self,
            BrainAnomaly.self,
        ])
}
