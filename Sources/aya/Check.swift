internal import ArgumentParser
internal import AyaConfig
internal import AyaServer
internal import AyaTelemetry

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether a configuration can run well on this machine, and say what to do where not.",
        discussion: """
            Nothing is changed and no request is sent: limits and settings of the system, ports, certificates, the \
            clock, directories, names, and whether servers take connections. Exits with 0 when nothing stands in the \
            way, with 1 when something does, with 3 when the configuration is invalid.
            """)

    @Option(
        name: [.short, .customLong("config")], help: "A file or a directory (default: aya.yaml).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Flag(help: "Do not look up names or connect to servers.")
    var noNetwork = false

    @Flag(help: "Print what was found as JSON.")
    var json = false

    func run() throws {
        let path = config ?? ConfigurationFile.defaultPath
        let loaded = ConfigurationLoader().load(path: path)
        guard let blueprint = loaded.blueprint else {
            ConfigurationFile.report(loaded, isDefault: config == nil)
            throw Exit.invalidConfiguration
        }
        let configuration = Configuration(blueprint: blueprint)
        var findings = [Self.finding(loaded.diagnostics.count, path)]
        findings += MachineCheck(blueprint).findings
        findings += ListenerCheck(blueprint).findings
        findings += CertificateCheck(configuration).findings
        findings += DirectoryCheck(blueprint).findings
        if !noNetwork { findings += ServerCheck(blueprint).findings }
        let isGood = !findings.contains { $0.level == .bad }
        print(json ? Self.report(findings, isGood) : CheckPage(findings, Paint.forOutput).text, terminator: "")
        if !isGood { throw Exit.failed }
    }

    private static func finding(_ warnings: Int, _ path: String) -> Finding {
        warnings == 0
            ? .good("configuration", "\(path) is valid")
            : .doubtful(
                "configuration", "\(path) is valid, with \(Count(warnings, "warning"))",
                fix: "see 'aya validate \(path)'")
    }

    /// `{"ok":true,"findings":[{"level":"ok","topic":"ports","message":"…","fix":null}]}`
    private static func report(_ findings: [Finding], _ isGood: Bool) -> String {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.member("ok", isGood)
            document.array("findings") { list in
                for finding in findings {
                    list.object { member in
                        member.member("level", finding.level.rawValue)
                        member.member("topic", finding.topic)
                        member.member("message", finding.message)
                        if let fix = finding.fix { member.member("fix", fix) } else { member.null("fix") }
                    }
                }
            }
        }
        writer.raw("\n")
        return writer.sink.string
    }
}
