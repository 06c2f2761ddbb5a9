internal import Foundation
internal import Testing

/// Replays what fuzzing found: the checks trap when one of them does not hold.
@Suite("Fuzz corpus of HTTP")
struct FuzzCorpusTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

    static func inputs(_ target: String) throws -> [[UInt8]] {
        let directory = root.appending(path: target)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try names.sorted().map { Array(try Data(contentsOf: directory.appending(path: $0))) }
    }

    @Test("Requests, responses, chunked bodies")
    func replay() throws {
        for bytes in try Self.inputs("http1-request") { HeadChecks.request(bytes) }
        for bytes in try Self.inputs("http1-response") { HeadChecks.response(bytes) }
        for bytes in try Self.inputs("chunked") { ChunkedChecks.body(bytes) }
    }

    @Test("Blocks of fields, frames at either end, heads on their way to HTTP/1.1, calls")
    func replayHTTP2() throws {
        for bytes in try Self.inputs("hpack") { HPACKChecks.blocks(bytes) }
        for bytes in try Self.inputs("http2-server") { FrameChecks.server(bytes) }
        for bytes in try Self.inputs("http2-client") { FrameChecks.client(bytes) }
        for bytes in try Self.inputs("http2-translation") { TranslationChecks.head(bytes) }
        for bytes in try Self.inputs("grpc") { CallChecks.values(bytes) }
    }

    @Test("One parser's corpus is fed to the others too")
    func crossed() throws {
        for target in ["http1-request", "http1-response", "chunked"] {
            for bytes in try Self.inputs(target) {
                HeadChecks.request(bytes)
                HeadChecks.response(bytes)
                ChunkedChecks.body(bytes)
            }
        }
    }
}
