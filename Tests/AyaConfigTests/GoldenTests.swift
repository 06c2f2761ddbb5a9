import AyaConfig
import AyaCore
import Foundation
import Testing

/// Every `NAME.in.yaml` in `Tests/Golden` has the expanded form (`NAME.out.yaml`), the problems (`NAME.errors`), or both
/// beside it. `AYA_GOLDEN=rewrite` writes them anew, for a human to read the difference.
@Suite struct GoldenTests {
    static let environment = ["PORT": "8080", "EMPTY": "", "BACKEND": "127.0.0.1:9001", "TOKEN": "a: b # c"]
    static let cases = RepositoryFiles.names(in: "Tests/Golden", ending: ".in.yaml").map { String($0.dropLast(8)) }

    static func load(_ name: String) throws -> LoadedConfiguration {
        let text = try RepositoryFiles.text("Tests/Golden/\(name).in.yaml")
        return ConfigurationLoader { environment[$0] }.load(text: text, fileName: "\(name).in.yaml")
    }

    @Test func enoughCases() { #expect(Self.cases.count >= 40) }

    @Test(arguments: cases) func expands(_ name: String) throws {
        let result = try Self.load(name)
        let problems = result.diagnostics.map { $0.rendered + "\n" }.joined()
        try Self.expect(result.blueprint.map(Expander.expand), in: "\(name).out.yaml")
        try Self.expect(problems.isEmpty ? nil : problems, in: "\(name).errors")
    }

    @Test(arguments: cases) func expandingTwiceChangesNothing(_ name: String) throws {
        guard let blueprint = try Self.load(name).blueprint else { return }
        let expanded = Expander.expand(blueprint)
        let again = ConfigurationLoader { _ in nil }.load(text: expanded, fileName: "expanded.yaml")
        #expect(again.blueprint == blueprint, "\(again.diagnostics.map(\.rendered))")
        #expect(again.blueprint.map(Expander.expand) == expanded)
    }

    private static func expect(_ text: String?, in file: String) throws {
        let url = RepositoryFiles.root.appending(path: "Tests/Golden/\(file)")
        if RepositoryFiles.isRewriting {
            try? FileManager.default.removeItem(at: url)
            try text?.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect((try? String(contentsOf: url, encoding: .utf8)) == text)
    }
}
