internal import Foundation
internal import Testing

/// Replays what fuzzing found: the checks trap when one of them does not hold.
@Suite("Fuzz corpus of TLS")
struct FuzzCorpusTests {
    @Test("Every ClientHello")
    func clientHellos() throws { try replay("client-hello", ClientHelloChecks.bytes) }

    @Test("Every certificate")
    func certificates() throws { try replay("certificate", CertificateChecks.bytes) }

    @Test("Every OCSP answer")
    func answers() throws { try replay("ocsp", OCSPChecks.answer) }

    @Test("Every stream of records")
    func records() throws { try replay("tls-records", RecordChecks.bytes) }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

    private func replay(_ target: String, _ check: ([UInt8]) -> Void) throws {
        let directory = Self.root.appending(path: target)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            check(Array(try Data(contentsOf: directory.appending(path: name))))
        }
    }
}
