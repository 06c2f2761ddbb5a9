internal import ArgumentParser
internal import AyaConfig
internal import AyaServer
internal import Glibc

/// How a command finds the running Aya that it speaks to.
struct AdminOptions: ParsableArguments {
    static let explanation =
        "It is found by --admin, else by the environment's AYA_ADMIN, else by the 'admin' of the configuration."

    @Option(
        help: ArgumentHelp(
            "Its admin listener, such as http://127.0.0.1:9900 or unix:/run/aya.sock.", valueName: "url"))
    var admin: String?

    @Option(
        name: [.short, .customLong("config")], help: "The configuration that it runs (default: aya.yaml).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    func find() throws -> AdminAddress {
        if let admin {
            guard let address = AdminAddress(admin) else { throw ValidationError("'\(admin)' is not an address.") }
            return address
        }
        if config == nil, let named = Self.environment("AYA_ADMIN"), !named.isEmpty {
            guard let address = AdminAddress(named) else {
                throw Exit.failure("AYA_ADMIN: '\(named)' is not an address")
            }
            return address
        }
        if config == nil, unsafe access(ConfigurationFile.defaultPath, F_OK) != 0 {
            throw ValidationError("Say which Aya: --admin URL, AYA_ADMIN in the environment, or -c FILE.")
        }
        let path = config ?? ConfigurationFile.defaultPath
        let blueprint = try ConfigurationFile.load(path).blueprint
        guard let admin = blueprint.admin else {
            throw Exit.failure("'\(path)' has no admin listener: add 'admin: { bind: 127.0.0.1:9900 }' to it")
        }
        return AdminAddress(admin.bind)
    }

    private static func environment(_ name: String) -> String? {
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
