package import AyaConfig
internal import AyaCore
internal import AyaProxy
package import AyaTelemetry

/// A validated configuration, ready to be run.
public struct Configuration: Sendable {
    package let blueprint: Blueprint
    /// What is legal but risky, one compiler-style message each.
    public let warnings: [String]
    /// Where it can be read again.
    package let source: Source

    package init(blueprint: Blueprint, warnings: [String] = [], path: String? = nil) {
        self.blueprint = blueprint
        self.warnings = warnings
        source = Source(path: path)
    }

    /// Reads a file, or a directory of files.
    /// - Throws: `ConfigurationError` with every problem that was found.
    public init(path: String) throws(ConfigurationError) {
        try self.init(ConfigurationLoader().load(path: path), path: path)
    }

    /// Reads YAML or JSON text; `name` stands for the file in messages.
    /// - Throws: `ConfigurationError` with every problem that was found.
    public init(text: String, name: String = "configuration") throws(ConfigurationError) {
        try self.init(ConfigurationLoader().load(text: text, fileName: name))
    }

    package init(_ loaded: LoadedConfiguration, path: String? = nil) throws(ConfigurationError) {
        guard let blueprint = loaded.blueprint else {
            throw ConfigurationError(problems: loaded.diagnostics.map(\.rendered))
        }
        self.init(blueprint: blueprint, warnings: loaded.diagnostics.map(\.rendered), path: path)
    }

    /// The file or directory that a configuration was read from.
    package struct Source: Sendable {
        /// Nil for one that came as text.
        let path: String?

        /// Differs from before when something there has changed.
        var stamps: [String] { path.map(ConfigurationLoader.stamps) ?? [] }

        /// What stands there now.
        func read() throws(ReloadError) -> Configuration {
            guard let path else { throw ReloadError("the configuration came from no file that could be read again") }
            do throws(ConfigurationError) {
                return try Configuration(path: path)
            } catch {
                throw ReloadError(invalid: error.problems)
            }
        }
    }
}

extension Configuration {
    /// What ran last, by the state directory of this one; this one itself where nothing is known. It is read again from
    /// the same file.
    package func resumed(log: Log = .standard) -> Configuration {
        let history = GenerationHistory(stateDirectory: blueprint.state, log: log)
        guard let last = history.all.last, let found = try? last.blueprint() else {
            log.notice("nothing to resume", ["state": blueprint.state])
            return self
        }
        log.notice("resuming", ["generation": "\(last.number)"])
        return Configuration(blueprint: found, warnings: warnings, path: source.path)
    }
}

extension Configuration {
    /// The directory for what outlasts a restart.
    package var state: String { blueprint.state }
    package static let defaultState = Blueprint().state

    /// What speaks against the files of certificates and keys that the configuration names, and what is risky about
    /// them: one message each, with the listener or pool.
    package func checkFiles() -> (errors: [String], warnings: [String]) {
        let found = Security.check(blueprint)
        return (found.faults.map(\.description), found.warnings)
    }
}

/// Every problem of a configuration, each as a compiler would print it.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// File, line, column, what is wrong, and the line with a caret.
    public let problems: [String]

    /// All problems, one after the other.
    public var description: String { problems.joined(separator: "\n") }
}
