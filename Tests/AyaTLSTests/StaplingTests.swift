internal import AyaTLS
internal import Foundation
internal import Testing

/// Answers that `openssl ocsp` gave, in the fuzzer's corpus.
@Suite("OCSP answers (RFC 6960)")
struct StaplingTests {
    private static func subject() throws -> StapleSubject {
        let certificate = try Certificate(
            chain: Array(OCSPChecks.chain.utf8), key: Array(OCSPChecks.key.utf8), now: OCSPChecks.moment)
        #expect(certificate.warnings.isEmpty)
        return try #require(certificate.subject)
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: FuzzCorpusTests.root.appending(path: "ocsp/\(name).der")))
    }

    private static func read(_ name: String, now: Int64 = OCSPChecks.moment) throws -> OCSPAnswer {
        try OCSPAnswer(bytes(name), about: subject(), now: now)
    }

    @Test("A certificate says where to ask, and the question is what openssl would ask")
    func request() throws {
        let subject = try Self.subject()
        #expect(subject.responder == "http://127.0.0.1:8888/ocsp")
        let expected =
            "305530533051304f304d300906052b0e03021a05000414f0c05031b42ac866427a9918daaa057d21f868ba0414af4f15"
            + "01c53965cfaee1f56a89f40b49eb6130a8021400f7e7ce51c59e368842bde0aa2f76e5d5c35316"
        #expect(subject.request.map { String(format: "%02x", $0) }.joined() == expected)
    }

    @Test("Signed by the issuer, or by whom it named for that", arguments: ["by-issuer", "by-delegate"])
    func good(name: String) throws {
        let answer = try Self.read(name)
        #expect(answer.bytes == (try Self.bytes(name)))
        #expect(answer.refresh > OCSPChecks.moment && answer.expiry > answer.refresh)
    }

    @Test(
        "Not believed, with the reason",
        arguments: [
            ("by-stranger", "may not speak for the issuer"), ("revoked", "another certificate"),
            ("try-later", "try later"),
        ])
    func bad(name: String, reason: String) throws {
        let error = #expect(throws: CertificateFault.self) { try Self.read(name) }
        #expect(error?.description.contains(reason) == true)
    }

    @Test("Neither old nor of the future")
    func times() throws {
        let answer = try Self.read("by-issuer")
        #expect(throws: CertificateFault.self) { try Self.read("by-issuer", now: answer.expiry) }
        #expect(throws: CertificateFault.self) { try Self.read("by-issuer", now: answer.thisUpdate - 301) }
        #expect(throws: Never.self) { try Self.read("by-issuer", now: answer.thisUpdate - 299) }
    }

    @Test("A bit anywhere in what is signed, or in the signature, makes it worthless")
    func forged() throws {
        let bytes = try Self.bytes("by-issuer")
        let subject = try Self.subject()
        for index in stride(from: 30, to: bytes.count, by: 3) {
            var forged = bytes
            forged[index] ^= 1
            #expect(throws: CertificateFault.self) {
                try OCSPAnswer(forged, about: subject, now: OCSPChecks.moment)
            }
        }
    }

    @Test("A certificate takes an answer on, and a store shows it in the other's place")
    func store() throws {
        let certificate = try Certificate(
            chain: Array(OCSPChecks.chain.utf8), key: Array(OCSPChecks.key.utf8), now: OCSPChecks.moment)
        let store = CertificateStore()
        store.replaceAll([("a", [certificate])])
        let stapled = try Certificate(certificate, staple: Self.read("by-delegate"))
        #expect(store.exchange(certificate, for: stapled))
        #expect(store.all.first?.certificate === stapled)
        #expect(!store.exchange(certificate, for: stapled))
    }
}
