internal import AyaTelemetry
internal import Foundation
internal import Testing

/// The reference pages say what the code says. `AYA_UPDATE_DOCS=1 swift test --filter ReferencePages` writes them anew.
@Suite(.serialized) struct ReferencePagesTests {
    static let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs").standardized

    @Test(arguments: [
        ("metrics.md", "metrics", MetricsReference.metrics),
        ("access-log.md", "keys", MetricsReference.accessKeys),
        ("access-log.md", "reasons", MetricsReference.reasons),
    ])
    func tableIsCurrent(file: String, name: String, expected: String) throws {
        let url = Self.docs.appending(path: file)
        let page = try String(contentsOf: url, encoding: .utf8)
        let begin = "<!-- generated: \(name) -->\n"
        let end = "<!-- end: \(name) -->\n"
        let start = try #require(page.range(of: begin)?.upperBound)
        let stop = try #require(page.range(of: end)?.lowerBound)
        if ProcessInfo.processInfo.environment["AYA_UPDATE_DOCS"] != nil {
            try Data(page.replacingCharacters(in: start..<stop, with: expected).utf8).write(to: url)
        } else {
            #expect(page[start..<stop] == expected, "run AYA_UPDATE_DOCS=1 swift test --filter ReferencePages")
        }
    }
}
