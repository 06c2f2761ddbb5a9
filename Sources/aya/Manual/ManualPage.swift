/// The manual page in the macros of man(7): the commands from the parser's own description, the rest from here.
struct ManualPage {
    private(set) var text = ""

    init(of aya: CommandDescription, version: String) {
        text = ".TH AYA 1 \"\" \"\(version)\" \"User Commands\"\n"
        section("NAME")
        line("aya \\- \(Self.escaped(Self.sentence(aya.abstract)))")
        section("SYNOPSIS")
        for command in aya.commands {
            line(Self.synopsis(command))
            line(".br")
        }
        section("DESCRIPTION")
        paragraphs(aya.discussion)
        section("COMMANDS")
        for command in aya.commands { describe(command) }
        for (title, entries) in Self.more { list(title, entries) }
        section("EXAMPLES")
        for (intent, example) in Self.examples {
            line(".PP")
            line(Self.escaped(intent))
            line(".PP")
            line(".nf")
            line(".RS")
            for row in example.split(separator: "\n") { line(Self.escaped(String(row))) }
            line(".RE")
            line(".fi")
        }
    }

    private static let more: [(title: String, entries: [(name: String, meaning: String)])] = [
        (
            "EXIT STATUS",
            [
                ("0", "Done."), ("1", "Failed; the reason stands on standard error."), ("2", "Wrong usage."),
                ("3", "The configuration is invalid; nothing was started or changed."),
            ]
        ),
        (
            "SIGNALS",
            [
                (
                    "SIGTERM, SIGINT",
                    "Drain and end: listeners close, what runs may finish within the grace. A second one ends that wait."
                ),
                ("SIGHUP", "Open the log files anew."),
            ]
        ),
        (
            "ENVIRONMENT",
            [
                ("AYA_ADMIN", "The address of the admin listener that 'aya status' asks."),
                ("NO_COLOR", "When set, nothing is coloured."),
            ]
        ),
        ("FILES", [("aya.yaml", "The configuration, in the current directory, when the command line names none.")]),
    ]

    private static let examples: [(intent: String, example: String)] = [
        ("Balance two servers without a file:", "aya proxy --listen :8080 --to 127.0.0.1:9001 --to 127.0.0.1:9002"),
        (
            "The same as a configuration:",
            """
            listeners: { web: { bind: ":8080" } }
            pools: { web: { servers: [127.0.0.1:9001, 127.0.0.1:9002] } }
            """
        ),
    ]

    private mutating func describe(_ command: CommandDescription) {
        line(".SS \(Self.escaped("aya " + command.commandName))")
        line(Self.synopsis(command))
        line(".PP")
        line(Self.escaped(command.abstract ?? ""))
        if let discussion = command.discussion {
            line(".PP")
            paragraphs(discussion)
        }
        for argument in command.ownArguments {
            line(".TP")
            line(Self.heading(argument))
            let fallback = argument.defaultValue.map { " (default: \($0))" } ?? ""
            line(Self.escaped((argument.abstract ?? "") + fallback))
        }
    }

    private static func synopsis(_ command: CommandDescription) -> String {
        var parts = ["\\fBaya \(escaped(command.commandName))\\fR"]
        for argument in command.ownArguments {
            let value = "\\fI\(escaped(argument.valueName ?? "value"))\\fR"
            let name = "\\fB\(escaped(argument.preferredName?.text ?? ""))\\fR"
            let part =
                switch argument.kind {
                case .positional: value
                case .option: "\(name) \(value)"
                case .flag: name
                }
            parts.append((argument.isOptional ? "[\(part)]" : part) + (argument.isRepeating ? " ..." : ""))
        }
        return parts.joined(separator: " ")
    }

    private static func heading(_ argument: CommandDescription.Argument) -> String {
        let value = "\\fI\(escaped(argument.valueName ?? "value"))\\fR"
        let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
        return switch argument.kind {
        case .positional: value
        case .option: "\(names) \(value)"
        case .flag: names
        }
    }

    private mutating func section(_ title: String) { line(".SH \(title)") }

    private mutating func list(_ title: String, _ entries: [(name: String, meaning: String)]) {
        section(title)
        for entry in entries {
            line(".TP")
            line("\\fB\(Self.escaped(entry.name))\\fR")
            line(Self.escaped(entry.meaning))
        }
    }

    private mutating func paragraphs(_ text: String?) {
        var isWithin = false
        for row in (text ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            if isWithin, !row.isEmpty { line(".br") }
            line(row.isEmpty ? ".PP" : Self.escaped(String(row)))
            isWithin = !row.isEmpty
        }
    }

    private mutating func line(_ text: String) { self.text += text + "\n" }

    /// Without its full stop and capital, as the NAME section has it.
    private static func sentence(_ text: String?) -> String {
        let bare = (text ?? "").hasSuffix(".") ? (text ?? "").dropLast() : (text ?? "")[...]
        return bare.prefix(1).lowercased() + bare.dropFirst()
    }

    /// What roff would take for itself: backslashes, hyphens that must stay ASCII, a control character at the start.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            default: escaped.append(character)
            }
        }
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
