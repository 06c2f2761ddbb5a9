internal import Foundation
internal import Testing

/// Replays what fuzzing found: the checks trap when one of them does not hold.
@Suite("Fuzz corpus of histories and logs")
struct FuzzCorpusTests {
    @Test("Every input")
    func replay() throws {
        for input in try Self.inputs("history") { HistoryChecks.bytes(input) }
    }

    @Test("Every line of a log")
    func replayImports() throws {
        for input in try Self.inputs("import") { ImportChecks.bytes(input) }
    }

    private static func inputs(_ name: String) throws -> [[UInt8]] {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzz/Corpus/\(name)")
        return try FileManager.default.contentsOfDirectory(atPath: directory.path).map {
            Array(try Data(contentsOf: directory.appending(path: $0)))
        }
    }
}
