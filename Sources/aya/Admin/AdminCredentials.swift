internal import ArgumentParser
internal import AyaTLS
internal import Glibc

/// What a command shows an admin listener that is guarded, and whom it takes for one.
struct AdminCredentials: ParsableArguments {
    @Option(
        help: "Authorities that may vouch for it, in PEM (default: those that the system trusts).",
        completion: .file())
    var ca: String?

    @Option(help: "A certificate to show it, in PEM; needs --key.", completion: .file())
    var cert: String?

    @Option(help: "The key of that certificate.", completion: .file())
    var key: String?

    @Option(help: "A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.")
    var token: String?

    @Option(help: "A file with a token in its first line.", completion: .file())
    var tokenFile: String?

    func validate() throws {
        if (cert == nil) != (key == nil) { throw ValidationError("--cert and --key go together.") }
        if token != nil, tokenFile != nil { throw ValidationError("--token and --token-file exclude each other.") }
    }

    /// What is there only if something needs it: options speak of this address, the environment of any.
    func shown(to address: AdminAddress) throws -> RunningAya {
        if case .tls = address {
        } else if ca != nil || cert != nil {
            throw ValidationError("--ca, --cert and --key are for addresses with https://.")
        }
        var chain = cert, secret = key
        if chain == nil {
            (chain, secret) = (Self.environment("AYA_CERT"), Self.environment("AYA_KEY"))
            guard (chain == nil) == (secret == nil) else { throw Exit.failure("AYA_CERT and AYA_KEY go together") }
        }
        var pair: (chain: String, key: String)?
        if let chain, let secret { pair = (chain, secret) }
        var aya: RunningAya
        do throws(CertificateFault) {
            aya = try RunningAya(address, authority: ca ?? Self.environment("AYA_CA"), certificate: pair)
        } catch {
            throw Exit.failure("\(error)")
        }
        aya.token = try shownToken()
        if aya.tellsTokenToTheNetwork {
            StandardError.write("warning: the token goes to \(address) in the clear; https:// keeps it quiet")
        }
        return aya
    }

    private func shownToken() throws -> String? {
        var shown = token ?? Self.environment("AYA_TOKEN")
        if let tokenFile {
            let text = try TextFile(path: tokenFile).read()
            shown = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        guard let shown else { return nil }
        guard !shown.isEmpty, shown.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Exit.failure("what was given as a token is none")
        }
        return shown
    }

    /// Nil when it is not set, or empty.
    static func environment(_ name: String) -> String? {
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        let text = unsafe getenv(name).map { unsafe String(cString: $0) }
        return text?.isEmpty == false ? text : nil
    }
}
