internal import ArgumentParser
internal import AyaServer
internal import AyaTelemetry
internal import Glibc

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a configuration in the foreground.",
        discussion: """
            Logs go to standard error. SIGTERM and SIGINT drain and exit; SIGHUP reopens the logs.
            """)

    @Option(name: [.short, .customLong("config")], help: "The configuration: a file, or a directory of files.")
    var config = "aya.yaml"

    func run() async throws {
        let signals = Signals.block()
        let configuration = try ConfigurationFile.load(config)
        try await Foreground.run(configuration, signals: signals)
    }
}
