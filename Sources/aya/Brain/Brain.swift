internal import ArgumentParser

/// What learns, from the command line.
struct Brain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask what Aya learns from series of measurements.",
        subcommands: [BrainForecast.self, BrainAnomaly.self])
}
