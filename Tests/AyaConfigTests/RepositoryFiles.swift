import AyaConfig
import Foundation

/// The files of the repository that tests read.
enum RepositoryFiles {
    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var isRewriting: Bool { ProcessInfo.processInfo.environment["AYA_GOLDEN"] == "rewrite" }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The names in a directory, sorted.
    static func names(in path: String, ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path())) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }

    static let examples = names(in: "Examples", ending: ".yaml")
}
