internal import ArgumentParser
internal import AyaConfig
internal import AyaCore
internal import AyaServer

/// Loads a configuration for a command: problems go to standard error, and errors end the command with exit code 3.
enum ConfigurationFile {
    /// Where a configuration is looked for when the command line names none.
    static let defaultPath = "aya.yaml"

    static func load(_ path: String?) throws -> Configuration {
        try configuration(
            ConfigurationLoader().load(path: path ?? defaultPath), isDefault: path == nil, path: path ?? defaultPath)
    }

    /// - Parameter path: where it can be read again.
    static func configuration(
        _ loaded: LoadedConfiguration, isDefault: Bool = false, path: String? = nil
    ) throws -> Configuration {
        report(loaded, isDefault: isDefault)
        guard let blueprint = loaded.blueprint else { throw Exit.invalidConfiguration }
        return Configuration(blueprint: blueprint, path: path)
    }

    static func report(_ loaded: LoadedConfiguration, isDefault: Bool) {
        for diagnostic in loaded.diagnostics { StandardError.write(diagnostic.rendered) }
        // Without a place, the file itself could not be read.
        if isDefault, loaded.hasErrors, loaded.diagnostics.allSatisfy({ $0.location == nil }) {
            StandardError.write("note: name the configuration with -c FILE, or do without: aya proxy --to HOST:PORT")
        }
    }
}
