internal import AyaImport
internal import Foundation
internal import Testing

/// Replays what fuzzing found, and every golden file cut short: the checks trap when one of them does not hold.
@Suite("Fuzz corpora of imports")
struct ImportFuzzCorpusTests {
    @Test("Every input", arguments: Dialect.allCases)
    func replay(_ dialect: Dialect) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fuzz/Corpus/import-\(dialect.rawValue)").standardized
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            ImportChecks.bytes(Array(try Data(contentsOf: directory.appending(path: name))), dialect)
        }
    }

    @Test("Files that end too early", arguments: GoldenImportTests.cases)
    func truncated(_ item: GoldenImportTests.Case) throws {
        let file = GoldenImportTests.root.appending(path: "\(item.dialect.rawValue)/\(item.file)")
        let bytes = Array(try Data(contentsOf: file))
        for part in 1..<12 { ImportChecks.bytes(Array(bytes[..<(bytes.count * part / 12)]), item.dialect) }
    }

    /// Pieces cut out, doubled, moved and overwritten, by a seed: the same mutants in each run.
    @Test("Files that were damaged", arguments: GoldenImportTests.cases)
    func damaged(_ item: GoldenImportTests.Case) throws {
        let file = GoldenImportTests.root.appending(path: "\(item.dialect.rawValue)/\(item.file)")
        let bytes = Array(try Data(contentsOf: file))
        var seed = UInt64(bytes.count) &+ 0x9e37_79b9
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(max(bound, 1)))
        }
        let pieces = [
            "{", "}", ";", "\"", "'", "\\", "\n", "99999999999999999999", "$x", "(", "[", "*", "|", "%", "\u{0}",
            "import (x)",
        ]
        for _ in 0..<12 {
            var mutant = bytes
            for _ in 0...next(4) {
                let start = next(mutant.count)
                let end = min(mutant.count, start + next(40))
                switch next(4) {
                case 0: mutant.removeSubrange(start..<end)
                case 1: mutant.insert(contentsOf: mutant[start..<end], at: next(mutant.count))
                case 2: mutant.insert(contentsOf: Array(pieces[next(pieces.count)].utf8), at: start)
                default: if !mutant.isEmpty { mutant[start] = UInt8(truncatingIfNeeded: next(256)) }
                }
            }
            ImportChecks.bytes(mutant, item.dialect)
        }
    }
}
