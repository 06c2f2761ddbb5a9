import AyaConfig
import AyaCore
import Foundation
import Testing

@Suite struct ReferenceTests {
    /// The tables in the documentation are those of the language.
    @Test func documentationIsUpToDate() throws {
        let (begin, end) = ("<!-- keys: begin -->\n", "<!-- keys: end -->")
        let page = try RepositoryFiles.text("docs/configuration.md")
        let start = try #require(page.range(of: begin))
        let stop = try #require(page.range(of: end))
        let wanted = "\n" + Reference.markdown() + "\n"
        if RepositoryFiles.isRewriting {
            let updated = page.replacingCharacters(in: start.upperBound..<stop.lowerBound, with: wanted)
            try updated.write(
                to: RepositoryFiles.root.appending(path: "docs/configuration.md"), atomically: true, encoding: .utf8)
        } else {
            #expect(String(page[start.upperBound..<stop.lowerBound]) == wanted)
        }
    }

    @Test(arguments: RepositoryFiles.examples) func exampleLoads(_ name: String) throws {
        let text = try RepositoryFiles.text("Examples/\(name)")
        let result = ConfigurationLoader { _ in nil }.load(text: text, fileName: name)
        #expect(result.diagnostics.map(\.rendered) == [])
    }
}
