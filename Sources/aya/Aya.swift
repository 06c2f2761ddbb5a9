internal import ArgumentParser
internal import AyaServer

@main
struct Aya: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aya",
        abstract: "A load balancer for TCP, UDP and HTTP.",
        discussion: """
            A configuration says where clients connect (listeners), which servers answer them (pools), and which \
            request goes where (routes).

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the configuration is invalid.
            """,
        version: "aya \(Server.version)",
        subcommands: [
            Run.self,
            Proxy.self,
            Demo.self,
            Status.self,
            Top.self,
            Alerts.self,
            Tap.self,
            Explain.self,
            Reload.self,
            Difference.self,
            Rollback.self,
            Generations.self,
            Upgrade.self,
            HistoryCommands.self,
            Brain.self,
            Check.self,
            Validate.self,
            Format.self,
            PrintSchema.self,
            CertificateAuthority.self,
            Token.self,
            Import.self,
            Completions.self,
            Manual.self,
        ])

    /// As ArgumentParser's own entry point, but for the exit codes: they are part of Aya's interface.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Exit.end(with: error)
        }
    }
}
