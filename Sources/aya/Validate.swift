internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTelemetry

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration and report every problem in it.",
        discussion: """
            Problems go to standard error, each with its place, the line and a caret. Exits with 3 when one of them is \
            an error.
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

    func validate() throws {
        if file != nil, config != nil {
            throw ValidationError("Name the configuration once: as an argument or with -c.")
        }
        if expand, json { throw ValidationError("--expand and --json exclude each other.") }
    }

    func run() throws {
        let path = file ?? config
        let loaded = ConfigurationLoader().load(path: path ?? ConfigurationFile.defaultPath)
        if json {
            print(Self.report(loaded))
            if loaded.hasErrors { throw Exit.invalidConfiguration }
            return
        }
        let blueprint = try ConfigurationFile.configuration(loaded, isDefault: path == nil).blueprint
        if expand {
            print(Expander.expand(blueprint), terminator: "")
        } else {
            print("\(path ?? ConfigurationFile.defaultPath): valid, \(Self.summary(blueprint))")
        }
    }

    private static func summary(_ blueprint: Blueprint) -> String {
        let servers = blueprint.pools.reduce(0) { $0 + $1.servers.count }
        return [
            Count(blueprint.listeners.count, "listener"), Count(blueprint.routes.count, "route"),
            Count(blueprint.pools.count, "pool"), Count(servers, "server"),
        ].map(\.description).joined(separator: ", ")
    }

    /// `{"valid":false,"problems":[{"severity":"error","file":"aya.yaml","line":1,"column":7,"message":"…"}]}`
    private static func report(_ loaded: LoadedConfiguration) -> String {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("valid", !loaded.hasErrors)
            writer.array("problems") { writer in
                for diagnostic in loaded.diagnostics {
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
