internal import ArgumentParser
internal import AyaConfig
internal import AyaServer

struct Proxy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Balance HTTP over some servers, without a configuration file.",
        discussion: """
            The same as 'aya run' with one listener and one pool; --expand prints the configuration to go on with.
            """)

    @Option(help: ArgumentHelp("Where clients connect.", valueName: "address"))
    var listen = ":8080"

    @Option(help: ArgumentHelp("A server; several times for several servers.", valueName: "address"))
    var to: [String]

    @Flag(help: "Print the configuration instead of running it.")
    var expand = false

    func run() throws {
        let signals = try Signals.watch()
        let configuration = try ConfigurationFile.configuration(ProxyShortcut(listen: listen, to: to).load())
        guard !expand else { return print(Expander.expand(configuration.blueprint), terminator: "") }
        try Blocking.run { try await Foreground.run(configuration, signals: signals) }
    }
}
