import AyaConfig
import AyaCore
import Foundation
import Testing

@Suite struct FormatterTests {
    static let cases = RepositoryFiles.names(in: "Tests/Golden/format", ending: ".in.yaml").map { $0.dropLast(8) }

    static let everyFile =
        RepositoryFiles.examples.map { "Examples/\($0)" }
        + RepositoryFiles.names(in: "Tests/Golden", ending: ".yaml").map { "Tests/Golden/\($0)" }
        + RepositoryFiles.names(in: "Tests/Golden/format", ending: ".yaml").map { "Tests/Golden/format/\($0)" }

    static func formatted(_ text: String) -> String? {
        switch ConfigurationFormatter.format(text: text, fileName: "test.yaml") {
        case .formatted(let text): text
        case .leftAlone: nil
        }
    }

    /// What a file means: its blueprint, or what is wrong with it, without the places.
    static func meaning(_ text: String) -> ([String], Blueprint?) {
        let result = ConfigurationLoader { GoldenTests.environment[$0] }.load(text: text, fileName: "test.yaml")
        return (result.diagnostics.map(\.message).sorted(), result.blueprint)
    }

    @Test(arguments: cases) func laysOut(_ name: Substring) throws {
        let text = try RepositoryFiles.text("Tests/Golden/format/\(name).in.yaml")
        let formatted = try #require(Self.formatted(text))
        let path = "Tests/Golden/format/\(name).out.yaml"
        if RepositoryFiles.isRewriting {
            try formatted.write(to: RepositoryFiles.root.appending(path: path), atomically: true, encoding: .utf8)
        }
        #expect(try RepositoryFiles.text(path) == formatted)
    }

    @Test(arguments: everyFile) func keepsTheMeaning(_ path: String) throws {
        let text = try RepositoryFiles.text(path)
        guard let formatted = Self.formatted(text) else { return }
        #expect(Self.formatted(formatted) == formatted)
        let (before, after) = (Self.meaning(text), Self.meaning(formatted))
        #expect(before.1 == after.1)
        // Messages name lines of first definitions, which move.
        if before.1 != nil { #expect(before.0 == after.0) }
    }

    @Test(arguments: RepositoryFiles.examples) func examplesAreFormatted(_ name: String) throws {
        let text = try RepositoryFiles.text("Examples/\(name)")
        #expect(Self.formatted(text) == text)
    }

    @Test func theExpandedFormIsFormatted() throws {
        for name in RepositoryFiles.names(in: "Tests/Golden", ending: ".out.yaml") {
            let text = try RepositoryFiles.text("Tests/Golden/\(name)")
            #expect(Self.formatted(text) == text, "\(name)")
        }
    }

    @Test(arguments: [
        ("{ \"a\": 1 }\n", "JSON"), ("%YAML 1.1\n---\na: b\n", "directive"), ("a: [b\n", "not YAML"),
        ("a: 1\na: 2\n", "second time"), ("a: |2\n   b\n", "indentation"),
    ]) func saysWhyItLeavesAFileAlone(_ text: String, _ reason: String) {
        switch ConfigurationFormatter.format(text: text, fileName: "test.yaml") {
        case .formatted(let text): Issue.record("formatted: \(text)")
        case .leftAlone(let reasons):
            #expect(reasons.contains { $0.message.contains(reason) }, "\(reasons.map(\.message))")
        }
    }

    /// Texts put together at random: whatever comes out reads the same and is a fixed point.
    @Test(arguments: 0..<20) func keepsRandomDocuments(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        let pieces = [
            "a: ", "b:", "\n", "\n  ", "\n    ", "- ", "{ ", " }", "[", "]", ", ", "# c", " # d", "x", "'y'", "\"z\"",
            "1",
            "|\n", ">-\n", "&q ", "*q", "  ", "\n\n", ": ", "true", "\n  - ", "\na: ", "\nc: ", "é", "\"\\n\"",
        ]
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...14, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            guard let formatted = Self.formatted(text) else { continue }
            #expect(Self.formatted(formatted) == formatted, "\(text.debugDescription)")
        }
    }
}
