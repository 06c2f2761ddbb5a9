internal import ArgumentParser
internal import AyaConfig
internal import AyaCore

struct Format: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Lay configuration files out in one way.",
        discussion: """
            Comments, the order of keys and short forms stay. Without options the result goes to standard output; \
            without files, standard input is read. A file that can not be laid out without changing its meaning is \
            left as it is, with a warning.
            """)

    @Argument(help: "The files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String] = []

    @Flag(help: "Write the result back to the files.")
    var write = false

    @Flag(help: "Change nothing; name the files that would change, and exit with 1 if there is one.")
    var check = false

    func validate() throws {
        if write, check { throw ValidationError("--write and --check exclude each other.") }
        if write, files.isEmpty { throw ValidationError("--write needs files.") }
    }

    func run() throws {
        var hasErrors = false
        var isClean = true
        for file in files.isEmpty ? [TextFile.standardInput] : files.map(TextFile.init(path:)) {
            let text = try file.read()
            switch ConfigurationFormatter.format(text: text, fileName: file.name) {
            case .formatted(let formatted):
                if formatted != text { isClean = false }
                try deliver(formatted, instead: text, of: file)
            case .leftAlone(let reasons):
                for reason in reasons { StandardError.write(reason.rendered) }
                if reasons.contains(where: { $0.severity == .error }) {
                    hasErrors = true
                } else {
                    try deliver(text, instead: text, of: file)
                }
            }
        }
        if hasErrors { throw Exit.invalidConfiguration }
        if check, !isClean { throw Exit.failed }
    }

    private func deliver(_ formatted: String, instead text: String, of file: TextFile) throws {
        if write {
            if formatted != text { try file.replace(with: formatted) }
        } else if check {
            if formatted != text { print(file.name) }
        } else {
            print(formatted, terminator: "")
        }
    }
}
