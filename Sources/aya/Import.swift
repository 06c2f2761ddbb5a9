internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaImport
internal import AyaTelemetry

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn another proxy's configuration into Aya's.",
        discussion: """
            The configuration goes to standard output, or to a file with --output; it is always valid. What it does not \
            do as the imported one did goes to standard error, a line each: the place, what it is, and what to do about \
            it. Files that the imported one includes are read too.
            """)

    @Argument(help: "Whose configuration it is: nginx, haproxy, caddy, traefik or envoy.")
    var dialect: Dialect

    @Argument(help: "The configuration, or '-' for standard input.", completion: .file())
    var file: String

    @Option(name: [.short, .long], help: "Write to this file, which must not exist yet.", completion: .file())
    var output: String?

    @Flag(help: "Fail when something was not carried over as it was.")
    var strict = false

    @Flag(help: "Print configuration and findings as one JSON object.")
    var json = false

    func validate() throws {
        if output != nil, json { throw ValidationError("--output and --json exclude each other.") }
    }

    func run() throws {
        let source: SourceFile
        if file == "-" {
            source = SourceFile(name: "standard input", bytes: Array(try TextFile.standardInput.read().utf8))
        } else {
            switch ImportFiles.read(file) {
            case .success(let read): source = read
            case .failure(let failure): throw Exit.failure("can't read '\(file)': \(failure.reason)")
            }
        }
        let imported = Importer.run(dialect, source, include: ImportFiles.includes(of: file == "-" ? "" : file))
        if json { print(Self.report(imported)) } else { try deliver(imported) }
        if !imported.problems.isEmpty { throw Exit.invalidConfiguration }
        if imported.configuration == nil || strict && !imported.findings.isEmpty { throw Exit.failed }
    }

    private func deliver(_ imported: Imported) throws {
        for problem in imported.problems { StandardError.write(problem.rendered) }
        for finding in imported.findings { StandardError.write(finding.rendered) }
        guard let configuration = imported.configuration else {
            if imported.problems.isEmpty { StandardError.write("error: \(file): nothing in it can run as Aya") }
            return
        }
        if let output {
            try TextFile(path: output).create(with: configuration)
        } else {
            print(configuration, terminator: "")
        }
    }

    /// `{"configuration":"…","findings":[{"kind":"not carried over","file":"…","line":1,"message":"…"}],"problems":["…"]}`
    private static func report(_ imported: Imported) -> String {
        var writer = JSONWriter(Text())
        writer.object { writer in
            if let configuration = imported.configuration { writer.member("configuration", configuration) }
            writer.array("findings") { writer in
                for finding in imported.findings {
                    writer.object { writer in
                        writer.member("kind", finding.kind.rawValue)
                        writer.member("file", finding.file)
                        writer.member("line", finding.line)
                        writer.member("message", finding.message)
                    }
                }
            }
            writer.array("problems") { writer in
                for problem in imported.problems { writer.object { $0.member("message", problem.rendered) } }
            }
        }
        return writer.sink.string
    }
}

extension Dialect: ExpressibleByArgument {}
