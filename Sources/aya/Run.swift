internal import ArgumentParser
internal import AyaServer
internal import AyaTelemetry

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a configuration in the foreground.",
        discussion: """
            Logs go to standard error. SIGTERM and SIGINT end it after a drain: no new connections, and what runs may \
            finish within the configuration's 'drain: { grace }'; a second one ends that wait. SIGHUP reads the \
            configuration again and opens the log files anew. SIGUSR2 has a new process of the program on the disk take over.
            """)

    @Option(
        name: [.short, .customLong("config")],
        help: "A file, or a directory whose .yaml, .yml and .json files are read (default: aya.yaml).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Flag(help: "Go over to the configuration whenever its files change, as 'aya reload' does.")
    var watch = false

    @Flag(
        help: "Begin with the configuration that ran last, as the state directory has it; the file comes with a reload."
    )
    var resume = false

    /// What it has no right to any more is given up before anything is opened; what the file says wrong is told later.
    private func confine() throws {
        guard let read = try? Configuration(path: config ?? ConfigurationFile.defaultPath) else { return }
        do throws(StartError) {
            // What ran last may write elsewhere.
            let more = resume ? [read.resumed(log: Log(level: .error))] : []
            try Confinement.enter(read, and: more, arguments: CommandLine.arguments)
        } catch {
            throw Exit.failure("\(error)")
        }
    }

    func run() throws {
        try confine()
        let succession = Succession.ofThisProcess(arguments: CommandLine.arguments)
        let signals = try Signals.watch()
        let read = try ConfigurationFile.load(config)
        let configuration = resume ? read.resumed() : read
        try Blocking.run {
            try await Foreground.run(
                configuration, signals: signals, succession: succession, watchesFiles: watch)
        }
    }
}
