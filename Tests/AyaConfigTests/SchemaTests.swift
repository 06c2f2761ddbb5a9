import AyaConfig
import Foundation
import Testing

@Suite struct SchemaTests {
    static func schema() throws -> JSONSchema {
        let object = try JSONSerialization.jsonObject(with: Data(Schema.json().utf8))
        return JSONSchema(root: try #require(object as? [String: Any]))
    }

    static func problems(of text: String) throws -> [String] {
        let file = SourceFile(name: "test.yaml", bytes: Array(text.utf8))
        let problems = Problems(files: [file])
        let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: problems)
        let value = PlainValue(try #require(root, "\(problems.diagnostics)"))
        return try schema().problems(of: value)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        let text = Schema.json()
        let schema = try Self.schema()
        for part in text.split(separator: "\"#/$defs/").dropFirst() {
            let name = String(part.prefix { $0 != "\"" })
            #expect((schema.root["$defs"] as? [String: Any])?[name] != nil, "\(name)")
        }
        #expect(schema.root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test(arguments: RepositoryFiles.examples) func acceptsExample(_ name: String) throws {
        #expect(try Self.problems(of: RepositoryFiles.text("Examples/\(name)")) == [])
    }

    @Test(arguments: GoldenTests.cases) func acceptsWhatLoads(_ name: String) throws {
        guard try GoldenTests.load(name).blueprint != nil else { return }
        #expect(try Self.problems(of: RepositoryFiles.text("Tests/Golden/\(name).in.yaml")) == [])
        #expect(try Self.problems(of: RepositoryFiles.text("Tests/Golden/\(name).out.yaml")) == [])
    }

    @Test(arguments: [
        "unknown-keys", "unknown-balancer", "action-missing", "action-twice", "booleans", "durations-wrong",
        "sizes-wrong", "not-a-map", "pool-without-servers", "weights", "responses-wrong", "redirects-wrong",
        "sections-without-value", "names-wrong-pool", "balancing-wrong", "health-wrong", "persistence-wrong",
        "resilience-wrong",
    ]) func rejectsStructuralErrors(_ name: String) throws {
        let text =
            name == "names-wrong-pool"
            ? "listeners: { web: { bind: \":80\" } }\npools: { \"a b\": { servers: [a:1] } }\n"
            : try RepositoryFiles.text("Tests/Golden/\(name).in.yaml")
        #expect(try Self.problems(of: text) != [])
    }
}
