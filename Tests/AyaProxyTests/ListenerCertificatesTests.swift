internal import AyaConfig
internal import AyaProxy
internal import AyaTLS
internal import Testing

/// Certificates of a listener over time.
@Suite struct ListenerCertificatesTests {
    private static func local(_ hosts: [String]) throws -> ListenerCertificates {
        var tls = Blueprint.ListenerTLS()
        tls.issuer = .local(hosts: hosts.map { .exact($0) })
        let authority = try LocalAuthority(directory: "/nowhere/at/all")
        return try ListenerCertificates(tls, listener: "web", authority: authority)
    }

    @Test func thisMachineComesFirst() throws {
        let certificates = try Self.local(["shop.example", "localhost", "[::1]"])
        #expect(certificates.store.all.map(\.owner) == ["localhost", "shop.example"])
    }

    @Test func whatTheAuthorityIssuedIsRenewedInTime() throws {
        let certificates = try Self.local(["shop.example"])
        let now = Certificate.now()
        #expect(certificates.renewLocal(now: now + 19 * 86400).isEmpty)
        let news = certificates.renewLocal(now: now + 21 * 86400)
        #expect(news.count == 2)
        guard case .replaced(let owner, let notAfter)? = news.last else {
            Issue.record("nothing was replaced")
            return
        }
        #expect(owner == "shop.example" && notAfter > now + 50 * 86400)
        #expect(certificates.renewLocal(now: now + 22 * 86400).isEmpty)
    }
}
