package import AyaCore

/// A single server, written as in a pool's list: what the admin API is given to add one.
package enum ServerText {
    package struct Faults: Error {
        package let diagnostics: [Diagnostic]
    }

    package static func read(_ text: [UInt8]) -> Result<Blueprint.Server, Faults> {
        let file = SourceFile(name: "server", bytes: text)
        let problems = Problems(files: [file])
        let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: problems)
        let server = root.flatMap { Translation(problems: problems).server($0, "the pool") }
        guard let server, !problems.hasErrors else {
            if problems.diagnostics.isEmpty { problems.error("this is no server", at: nil) }
            return .failure(Faults(diagnostics: problems.diagnostics))
        }
        return .success(server)
    }
}
