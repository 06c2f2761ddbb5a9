internal import ArgumentParser

struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a running Aya go back to an earlier configuration.",
        discussion: """
            \(AdminOptions.explanation)

            What ran then runs again, as a new generation; the configuration's file stays as it is, and 'aya diff' \
            shows how it differs. 'aya generations' lists what there is to go back to.
            """)

    @Argument(help: "The generation's number (default: the one before).")
    var generation: Int?

    @OptionGroup var options: AdminOptions

    @Flag(help: "Only tell what would change.")
    var dryRun = false

    @Flag(help: "Print the answer as it came, as JSON.")
    var json = false

    func run() throws {
        let path = generation.map { "/v1/generations/\($0)/rollback" } ?? "/v1/rollback"
        try ChangeRequest("POST", dryRun ? "\(path)?dry_run" : path).send(to: options.find(), json: json)
    }
}
