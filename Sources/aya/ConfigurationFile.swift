internal import ArgumentParser
internal import AyaServer
internal import AyaTelemetry

/// Reads a configuration for a command: problems go to standard error, and errors end the command with exit code 3.
enum ConfigurationFile {
    static func load(_ path: String) throws -> Configuration {
        do {
            let configuration = try Configuration(path: path)
            for warning in configuration.warnings { StandardError.write(warning) }
            return configuration
        } catch {
            for problem in error.problems { StandardError.write(problem) }
            throw ExitCode(3)
        }
    }
}
