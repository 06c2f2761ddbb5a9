internal import ArgumentParser

struct Upgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a running Aya hand over to the program that is on the disk now.",
        discussion: """
            \(AdminOptions.explanation)

            A new process takes the listening sockets and reads the configuration; when it serves, the old one takes no \
            new work, finishes what runs and ends. When the new one fails, the old one goes on as before.
            """)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the answer as it came, as JSON.")
    var json = false

    func run() throws { try ChangeRequest("POST", "/v1/upgrade").send(to: options.find(), json: json) }
}
