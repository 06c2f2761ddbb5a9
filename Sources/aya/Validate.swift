internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTelemetry

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration and report every problem in it.",
        discussion: """
            Problems go to standard error, each with its place, the line and a caret. Files of certificates and keys \
            are read, and must belong together. Exits with 3 when one of the problems is an error.
            """)

    @Argument(
        help: "A file or a directory (default: aya.yaml).", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String?

    @Option(
        name: [.short, .customLong("config")], help: "The same, as 'aya run' takes it.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Flag(help: "Print the configuration with every default and every short form spelt out.")
    var expand = false

    @Flag(help: "Print the problems as JSON on standard output.")
    var json = false

    @Flag(
        name: .customLong("no-files"),
        help: "Leave the files of certificates and keys alone, for a machine that does not have them.")
    var ignoresFiles = false

    func validate() throws {
        if file != nil, config != nil {
            throw ValidationError("Name the configuration once: as an argument or with -c.")
        }
        if expand, json { throw ValidationError("--expand and --json exclude each other.") }
    }

    func run() throws {
        let path = file ?? config
        let loaded = ConfigurationLoader().load(path: path ?? ConfigurationFile.defaultPath)
        let files = loaded.blueprint.map { ignoresFiles ? [] : Self.problems(of: Configuration(blueprint: $0)) } ?? []
        let isValid = !loaded.hasErrors && !files.contains { $0.severity == .error }
        if json {
            print(Self.report(loaded.diagnostics + files, isValid: isValid))
            if !isValid { throw Exit.invalidConfiguration }
            return
        }
        let blueprint = try ConfigurationFile.configuration(loaded, isDefault: path == nil).blueprint
        for problem in files { StandardError.write(problem.rendered) }
        if !isValid { throw Exit.invalidConfiguration }
        if expand {
            print(Expander.expand(blueprint), terminator: "")
        } else {
            print("\(path ?? ConfigurationFile.defaultPath): valid, \(Self.summary(blueprint))")
        }
    }

    /// Of the files that it names.
    private static func problems(of configuration: Configuration) -> [Diagnostic] {
        let found = configuration.checkFiles()
        return found.errors.map { Diagnostic(.error, at: nil, $0) }
            + found.warnings.map { Diagnostic(.warning, at: nil, $0) }
    }

    private static func summary(_ blueprint: Blueprint) -> String {
        let servers = blueprint.pools.reduce(0) { $0 + $1.servers.count }
        return [
            Count(blueprint.listeners.count, "listener"), Count(blueprint.routes.count, "route"),
            Count(blueprint.pools.count, "pool"), Count(servers, "server"),
        ].map(\.description).joined(separator: ", ")
    }

    /// `{"valid":false,"problems":[{"severity":"error","file":"aya.yaml","line":1,"column":7,"message":"…"}]}`
    private static func report(_ problems: [Diagnostic], isValid: Bool) -> String {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("valid", isValid)
            writer.array("problems") { writer in
                for diagnostic in problems {
                    writer.object { writer in
                        writer.member("severity", diagnostic.severity.rawValue)
                        if let location = diagnostic.location {
                            writer.member("file", location.file)
                            writer.member("line", location.line)
                            writer.member("column", location.column)
                        }
                        writer.member("message", diagnostic.message)
                    }
                }
            }
        }
        return writer.sink.string
    }
}
