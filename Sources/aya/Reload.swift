internal import ArgumentParser

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a running Aya read its configuration again.",
        discussion: """
            \(AdminOptions.explanation)

            No request is lost: what the configuration leaves alone goes on untouched, and what it has no more finishes \
            what runs. A configuration with errors, or one that can not run, changes nothing.
            """)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Only tell what would change.")
    var dryRun = false

    @Flag(help: "Print the answer as it came, as JSON.")
    var json = false

    func run() throws {
        try ChangeRequest("POST", dryRun ? "/v1/reload?dry_run" : "/v1/reload").send(to: options.find(), json: json)
    }
}
