import AyaConfig
import AyaCore
import Foundation
import Testing

@Suite struct FuzzCorpusTests {
    static let corpus = RepositoryFiles.names(in: "Fuzz/Corpus/configuration", ending: "")

    private func feed(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe fuzzConfiguration($0) }
    }

    @Test(arguments: corpus) func holds(_ name: String) throws {
        feed(Array(try Data(contentsOf: RepositoryFiles.root.appending(path: "Fuzz/Corpus/configuration/\(name)"))))
    }

    /// A taste of fuzzing in every run: the corpus, damaged at random places.
    @Test func holdsWhenDamaged() throws {
        var random = RandomSource(seed: 7)
        for name in Self.corpus {
            let url = RepositoryFiles.root.appending(path: "Fuzz/Corpus/configuration/\(name)")
            let original = Array(try Data(contentsOf: url))
            for _ in 0..<20 where !original.isEmpty {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.insert(Array(" \n:#{}[],&*|>'\"-".utf8).randomElement(using: &random) ?? 0, at: index)
                    default: if bytes.count > 1 { bytes.remove(at: index) }
                    }
                }
                feed(bytes)
            }
        }
    }
}
