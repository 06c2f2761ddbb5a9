internal import Foundation
internal import Testing

/// Replays what fuzzing found: the checks trap when one of them does not hold.
@Suite("Fuzz corpus of clouds")
struct FuzzCorpusTests {
    @Test("Every input")
    func replay() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzz/Corpus/cloud-answer")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            CloudAnswerChecks.bytes(Array(try Data(contentsOf: directory.appending(path: name))))
        }
    }
}
