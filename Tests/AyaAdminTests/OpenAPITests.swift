internal import AyaAdmin
internal import AyaHTTP
internal import Foundation
internal import Testing

/// The document in the repository is what the code says: `AYA_UPDATE_DOCS=1 swift test --filter OpenAPI` writes it anew.
@Suite struct OpenAPITests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/reference/openapi.json")

    /// As it is kept: laid out for people, so that a change of it can be read.
    private static func laidOut() throws -> Data {
        let document = try JSONSerialization.jsonObject(with: Data(OpenAPIDocument.render(version: "1")))
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try JSONSerialization.data(withJSONObject: document, options: options) + Data("\n".utf8)
    }

    @Test func theDocumentIsWhatTheCodeSays() throws {
        let current = try Self.laidOut()
        if ProcessInfo.processInfo.environment["AYA_UPDATE_DOCS"] != nil {
            try current.write(to: Self.page)
        }
        let kept = try Data(contentsOf: Self.page)
        #expect(kept == current, "run AYA_UPDATE_DOCS=1 swift test --filter OpenAPI")
    }

    @Test func everyPathIsThereOnce() throws {
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(OpenAPIDocument.render(version: "1"))) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let told = Set(paths.flatMap { path, item in item.keys.map { "\($0.uppercased()) \(path)" } })
        #expect(told == Set(AdminEndpoint.all.map { "\($0.method) \($0.path)" }))
        #expect(told.count == AdminEndpoint.all.count)
        let identifiers = paths.values.flatMap { item in
            item.values.compactMap { ($0 as? [String: Any])?["operationId"] as? String }
        }
        #expect(Set(identifiers).count == told.count)
    }

    @Test func itIsServed() async throws {
        let request = ServiceRequest(method: "GET", path: "/v1/openapi.json")
        let answer = await AdminService(AdminServiceTests.FixedSource()).respond(to: request)
        #expect(answer.status == 200)
        let served = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        #expect(served?["openapi"] as? String == "3.1.0")
        #expect((served?["info"] as? [String: Any])?["version"] as? String == "1.2")
    }
}
