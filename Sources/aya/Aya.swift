internal import ArgumentParser

@main
struct Aya: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aya",
        abstract: "A load balancer for TCP, UDP and HTTP.",
        version: "0.1.0",
        subcommands: [Run.self])
}
