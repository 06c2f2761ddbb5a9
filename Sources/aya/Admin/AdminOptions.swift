internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import Glibc

/// How a command finds the running Aya that it speaks to.
struct AdminOptions: ParsableArguments {
    static let explanation =
        """
        It is found by --admin, else by the environment's AYA_ADMIN, else by the 'admin' of the configuration, else at \
        /run/aya/admin.sock. What it is shown is taken from --token, --token-file, --cert and --key, else from \
        AYA_TOKEN, AYA_CERT and AYA_KEY in the environment.
        """

    @Option(
        help: ArgumentHelp(
            "Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.",
            valueName: "url"))
    var admin: String?

    @Option(
        name: [.short, .customLong("config")], help: "The configuration that it runs (default: aya.yaml).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @OptionGroup var credentials: AdminCredentials

    /// Where an Aya listens whose configuration says nothing of it.
    static var usualSocket: String? { if case .unix(let path) = Blueprint.Admin.usual.bind { path } else { nil } }

    func find() throws -> RunningAya { try credentials.shown(to: address()) }

    private func address() throws -> AdminAddress {
        if let admin {
            guard let address = AdminAddress(admin) else { throw ValidationError("'\(admin)' is not an address.") }
            return address
        }
        if config == nil, let named = AdminCredentials.environment("AYA_ADMIN") {
            guard let address = AdminAddress(named) else {
                throw Exit.failure("AYA_ADMIN: '\(named)' is not an address")
            }
            return address
        }
        if config == nil, unsafe access(ConfigurationFile.defaultPath, F_OK) != 0 {
            if let path = Self.usualSocket, unsafe access(path, F_OK) == 0 { return .unix(path: path) }
            throw ValidationError("Say which Aya: --admin URL, AYA_ADMIN in the environment, or -c FILE.")
        }
        let path = config ?? ConfigurationFile.defaultPath
        let blueprint = try ConfigurationFile.load(path).blueprint
        guard let admin = blueprint.admin else {
            throw Exit.failure("'\(path)' says 'admin: off': nothing can be asked")
        }
        return AdminAddress(admin.bind)
    }
}
