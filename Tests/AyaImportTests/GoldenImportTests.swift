internal import AyaConfig
internal import AyaCore
internal import AyaImport
internal import Foundation
internal import Testing

/// Every file in `Tests/Golden/Import/DIALECT` has the configuration that it becomes (`NAME.aya.yaml`) and what could not
/// be carried over (`NAME.findings`) beside it. `AYA_GOLDEN=rewrite` writes them anew, for a human to read the difference.
@Suite struct GoldenImportTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var dialect: Dialect
        var file: String
        var testDescription: String { "\(dialect.rawValue)/\(file)" }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/Import")
        .standardized
    static let isRewriting = ProcessInfo.processInfo.environment["AYA_GOLDEN"] == "rewrite"

    static let cases = Dialect.allCases.flatMap { dialect in
        names(dialect).map { Case(dialect: dialect, file: $0) }
    }

    /// Files that others include, and what the imports give, are no cases.
    static func names(_ dialect: Dialect) -> [String] {
        let all =
            (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: dialect.rawValue).path())) ?? []
        let others = [".aya.yaml", ".findings", ".map", ".part"]
        return all.filter { name in !others.contains(where: name.hasSuffix) }.sorted()
    }

    static func run(_ dialect: Dialect, _ name: String) throws -> Imported {
        let directory = root.appending(path: dialect.rawValue)
        let bytes = Array(try Data(contentsOf: directory.appending(path: name)))
        return Importer.run(dialect, SourceFile(name: name, bytes: bytes)) { pattern, _ in
            let file = directory.appending(path: pattern)
            return (try? Data(contentsOf: file)).map { [SourceFile(name: pattern, bytes: Array($0))] }
        }
    }

    @Test(arguments: Dialect.allCases) func enoughCases(_ dialect: Dialect) {
        #expect(Self.names(dialect).count >= 10)
    }

    @Test(arguments: cases) func becomesWhatItSays(_ item: Case) throws {
        let imported = try Self.run(item.dialect, item.file)
        let lines = imported.problems.map(\.rendered) + imported.findings.map(\.rendered)
        try Self.expect(imported.configuration, in: "\(item.dialect.rawValue)/\(item.file).aya.yaml")
        try Self.expect(
            lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n",
            in: "\(item.dialect.rawValue)/\(item.file).findings")
    }

    @Test(arguments: cases) func isValidAndLaidOut(_ item: Case) throws {
        guard let configuration = try Self.run(item.dialect, item.file).configuration else { return }
        let loaded = ConfigurationLoader { _ in nil }.load(text: configuration, fileName: "aya.yaml")
        #expect(!loaded.hasErrors, "\(loaded.diagnostics.map(\.rendered))")
        guard case .formatted(let formatted) = ConfigurationFormatter.format(text: configuration, fileName: "aya.yaml")
        else {
            Issue.record("it can't be laid out")
            return
        }
        #expect(formatted == configuration)
    }

    private static func expect(_ text: String?, in file: String) throws {
        let url = root.appending(path: file)
        if isRewriting {
            try? FileManager.default.removeItem(at: url)
            try text?.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect((try? String(contentsOf: url, encoding: .utf8)) == text)
    }
}
