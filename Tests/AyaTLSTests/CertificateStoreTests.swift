import AyaTLS
import Testing

/// Certificates out of PEM text, and what stores do with them.
@Suite struct CertificateStoreTests {
    private static let chain = Array(CertificateChecks.certificate.utf8)
    private static let key = Array(CertificateChecks.key.utf8)

    private static func certificate() throws -> Certificate { try Certificate(chain: chain, key: key) }

    @Test func namesOfACertificate() throws {
        let certificate = try Self.certificate()
        #expect(certificate.names == ["fuzz.example", "*.fuzz.example"])
        #expect(certificate.notBefore < certificate.notAfter)
    }

    @Test func whatIsWrongIsSaid() {
        func reason(_ chain: [UInt8], _ key: [UInt8], now: Int64 = Certificate.now()) -> String? {
            do throws(CertificateFault) {
                _ = try Certificate(chain: chain, key: key, chainName: "'a.pem'", keyName: "'a.key'", now: now)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(reason(Self.chain, Self.key) == nil)
        #expect(reason(Self.key, Self.key) == "'a.pem' holds no certificate in PEM form")
        #expect(reason([], Self.key) == "'a.pem' holds no certificate in PEM form")
        #expect(reason(Self.chain, Self.chain) == "'a.key' holds no private key in PEM form")
        #expect(
            reason(Self.chain, Self.key, now: 5_000_000_000) == "the certificate in 'a.pem' expired on 2126-10-29")
    }

    @Test func aCertificateOfTomorrowIsWarnedAbout() throws {
        let early = try Certificate(chain: Self.chain, key: Self.key, now: 1_000_000)
        #expect(early.warnings.count == 1)
        #expect(early.warnings.first?.contains("is not valid before 2026-11-22") == true)
    }

    @Test func storesReplaceAndRemove() throws {
        let store = CertificateStore()
        #expect(store.isEmpty)
        store.replace("a", with: [try Self.certificate()])
        store.replace("b", with: [try Self.certificate(), try Self.certificate()])
        #expect(store.all.map(\.owner) == ["a", "b", "b"])
        store.replace("a", with: [])
        #expect(store.all.map(\.owner) == ["b", "b"] && !store.isEmpty)
        store.remove("b")
        #expect(store.isEmpty)
    }

    @Test func ticketKeysNeedTheirFile() {
        #expect(throws: CertificateFault.self) { try TicketKeys(file: "/nowhere/tickets.key") }
    }
}
