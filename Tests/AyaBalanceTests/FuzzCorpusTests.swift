internal import Foundation
internal import Testing

/// Replays what fuzzing found: the checks trap when one of them does not hold.
@Suite("Fuzz corpus of load reports")
struct FuzzCorpusTests {
    @Test("Every input")
    func replay() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzz/Corpus/load-report")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            LoadReportChecks.bytes(Array(try Data(contentsOf: directory.appending(path: name))))
        }
    }
}
