internal import AyaConfig
internal import AyaCore
internal import AyaImport

/// What must hold for any bytes that are imported as another proxy's configuration.
enum ImportChecks {
    static func bytes(_ bytes: [UInt8], _ dialect: Dialect) {
        // What is included are the same bytes again: the bounds on depth and number have to hold.
        let file = SourceFile(name: "fuzz", bytes: bytes)
        let imported = Importer.run(dialect, file) { pattern, _ in pattern.utf8.count % 3 == 0 ? nil : [file] }
        precondition(imported.findings.count <= 2001, "findings without bound")
        for finding in imported.findings {
            precondition(!finding.rendered.utf8.contains(UInt8(ascii: "\n")), "a finding of two lines")
        }
        for problem in imported.problems { _ = problem.rendered }
        guard let configuration = imported.configuration else { return }
        precondition(imported.problems.isEmpty, "a configuration of a file that could not be read")
        let loaded = ConfigurationLoader { _ in nil }.load(text: configuration, fileName: "aya.yaml")
        precondition(!loaded.hasErrors, "what is written is not valid")
    }
}
