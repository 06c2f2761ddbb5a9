import AyaConfig
import AyaCore
import Foundation
import Testing

/// Every `NAME.in.yaml` in `Tests/Golden` has either the expanded form (`NAME.out.yaml`) or the problems
/// (`NAME.errors`) beside it. `AYA_GOLDEN=rewrite` writes them anew, for a human to read the difference.
@Suite struct GoldenTests {
    static let environment = ["PORT": "8080", "EMPTY": "", "BACKEND": "127.0.0.1:9001", "TOKEN": "a: b # c"]

    static var directory: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")
    }

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path())) ?? []
        return names.filter { $0.hasSuffix(".in.yaml") }.map { String($0.dropLast(8)) }.sorted()
    }()

    static func load(_ name: String) throws -> (text: String, result: LoadedConfiguration) {
        let text = try String(contentsOf: directory.appending(path: "\(name).in.yaml"), encoding: .utf8)
        let loader = ConfigurationLoader { environment[$0] }
        return (text, loader.load(text: text, fileName: "\(name).in.yaml"))
    }

    @Test func enoughCases() { #expect(Self.cases.count >= 40) }

    @Test(arguments: cases) func expands(_ name: String) throws {
        let (_, result) = try Self.load(name)
        let problems = result.diagnostics.map { $0.rendered + "\n" }.joined()
        let outFile = Self.directory.appending(path: "\(name).out.yaml")
        let errorsFile = Self.directory.appending(path: "\(name).errors")
        let expanded = result.blueprint.map(Expander.expand)
        if ProcessInfo.processInfo.environment["AYA_GOLDEN"] == "rewrite" {
            try? FileManager.default.removeItem(at: outFile)
            try? FileManager.default.removeItem(at: errorsFile)
            if let expanded { try expanded.write(to: outFile, atomically: true, encoding: .utf8) }
            if !problems.isEmpty { try problems.write(to: errorsFile, atomically: true, encoding: .utf8) }
        }
        #expect((try? String(contentsOf: outFile, encoding: .utf8)) == expanded)
        #expect(((try? String(contentsOf: errorsFile, encoding: .utf8)) ?? "") == problems)
    }

    @Test(arguments: cases) func expandingTwiceChangesNothing(_ name: String) throws {
        guard let blueprint = try Self.load(name).result.blueprint else { return }
        let expanded = Expander.expand(blueprint)
        let again = ConfigurationLoader { _ in nil }.load(text: expanded, fileName: "expanded.yaml")
        #expect(again.blueprint == blueprint, "\(again.diagnostics.map(\.rendered))")
        #expect(again.blueprint.map(Expander.expand) == expanded)
    }
}
