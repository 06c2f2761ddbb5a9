internal import ArgumentParser
internal import AyaServer
internal import Glibc

struct CertificateAuthority: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "The local authority behind 'tls: internal'.",
        subcommands: [PrintRoot.self])
}

struct PrintRoot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print the root certificate of the local authority, in PEM.",
        discussion: """
            Browsers and other clients trust what 'tls: internal' shows them once they trust this certificate: \
            'aya ca print > aya-root.pem'. The authority is made when there is none yet. Its key never leaves the \
            state directory.
            """)

    @Option(
        name: [.short, .customLong("config")],
        help: "The configuration whose 'state' directory keeps the authority (default: aya.yaml, if there is one).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Option(help: "The state directory itself.", completion: .directory)
    var state: String?

    func validate() throws {
        if config != nil, state != nil { throw ValidationError("-c and --state exclude each other.") }
    }

    func run() throws {
        let root: LocalRoot
        do {
            root = try LocalRoot(directory: try directory())
        } catch let error as StartError {
            throw Exit.failure("\(error)")
        }
        // What is not kept is nothing to trust: the server would make another one.
        if let notice = root.notice {
            if !root.isKept { throw Exit.failure(notice) }
            StandardError.write("warning: \(notice)")
        }
        print(root.certificate, terminator: "")
    }

    private func directory() throws -> String {
        if let state { return state }
        if config == nil, unsafe access(ConfigurationFile.defaultPath, F_OK) != 0 { return Configuration.defaultState }
        return try ConfigurationFile.load(config).state
    }
}
