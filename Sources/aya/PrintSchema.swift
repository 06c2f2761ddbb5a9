internal import ArgumentParser
internal import AyaConfig

struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the configuration, for editors.",
        discussion: "Save it, and begin a configuration with '# yaml-language-server: $schema=FILE'.")

    func run() { print(Schema.json(), terminator: "") }
}
