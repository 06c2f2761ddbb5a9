internal import ArgumentParser
internal import FoundationEssentials

/// The command line as ArgumentParser describes it to tools: what the manual page is made of, so that it can't differ.
struct CommandDescription: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var subcommands: [CommandDescription]?
    var arguments: [Argument]?

    struct Argument: Decodable {
        enum Kind: String, Decodable { case positional, option, flag }

        var kind: Kind
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
        var shouldDisplay: Bool
    }

    struct Name: Decodable {
        var kind: String
        var name: String

        var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    private struct Tool: Decodable {
        var command: CommandDescription
    }

    static func ofAya() throws -> CommandDescription {
        try JSONDecoder().decode(Tool.self, from: Array(Aya._dumpHelp().utf8)).command
    }

    /// Without `help`, which explains itself.
    var commands: [CommandDescription] { (subcommands ?? []).filter { $0.commandName != "help" } }

    /// Without those that every command has.
    var ownArguments: [Argument] {
        (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.preferredName?.name ?? "") }
    }
}

extension JSONDecoder {
    fileprivate func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try decode(type, from: Data(bytes))
    }
}
