internal import AyaCore

/// Turns configuration text into a validated blueprint, or into everything that is wrong with it.
///
/// The translation is pure: texts and the environment come in as values. Only `load(path:)` touches the disk.
package struct ConfigurationLoader {
    package var bounds = DocumentBounds()
    private let environment: (String) -> String?

    /// `environment` answers `${NAME}`; nil means that the variable is not set.
    package init(environment: @escaping (String) -> String?) { self.environment = environment }

    /// With the environment of this process.
    package init() { self.init(environment: ProcessEnvironment.value) }

    /// A file, or a directory whose `*.yaml`, `*.yml` and `*.json` files are read in the order of their names.
    package func load(path: String) -> LoadedConfiguration {
        switch ConfigurationFiles.load(path, bounds: bounds) {
        case .success(let files): load(files: files)
        case .failure(let failure): LoadedConfiguration(blueprint: nil, diagnostics: failure.diagnostics)
        }
    }

    /// Differs from before when a file, or one of a directory's files, has changed.
    package static func stamps(of path: String) -> [String] { ConfigurationFiles.stamps(of: path) }

    package func load(text: String, fileName: String) -> LoadedConfiguration {
        load(files: [SourceFile(name: fileName, bytes: Array(text.utf8))])
    }

    package func load(files: [SourceFile]) -> LoadedConfiguration {
        let problems = Problems(files: files)
        var roots: [Node] = []
        var total = 0
        for (index, file) in files.enumerated() {
            total += file.bytes.count
            guard file.bytes.count <= bounds.fileSize.bytes, total <= bounds.totalSize.bytes else {
                problems.error(
                    "the file is too large (at most \(bounds.fileSize) a file, \(bounds.totalSize) together)",
                    at: Place(file: index, line: 1, column: 1))
                continue
            }
            guard var root = Composer.compose(file, file: index, bounds: bounds, problems: problems) else { continue }
            // An empty file among others (all lines commented out) has nothing to say.
            if root.isNothing { continue }
            if file.bytes.contains(UInt8(ascii: "$")) {
                var substitution = EnvironmentSubstitution(problems: problems, lookUp: environment)
                substitution.apply(to: &root)
            }
            roots.append(root)
        }
        let isComplete = !problems.hasErrors || roots.count == files.count
        guard let root = DocumentMerge(problems: problems).merge(roots) else {
            if !problems.hasErrors {
                problems.error("the configuration is empty: it needs 'listeners' and 'pools'", at: nil)
            }
            return LoadedConfiguration(blueprint: nil, diagnostics: problems.diagnostics)
        }
        return Self.load(root: root, isComplete: isComplete, problems: problems)
    }

    /// `isComplete` is false when a file could not be read as YAML: names may be missing for that reason alone then.
    static func load(root: Node, isComplete: Bool = true, problems: Problems) -> LoadedConfiguration {
        let draft = Translation.draft(of: root, isComplete: isComplete, problems: problems)
        let blueprint = isComplete ? Validation.blueprint(from: draft, problems: problems) : nil
        return LoadedConfiguration(blueprint: blueprint, diagnostics: problems.diagnostics)
    }
}
