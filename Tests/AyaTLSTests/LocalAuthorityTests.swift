internal import AyaTLS
internal import Foundation
internal import Testing

/// The machine's own authority, and what it issues.
@Suite struct LocalAuthorityTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    @Test func theRootIsKept() throws {
        let first = try LocalAuthority(directory: directory)
        let again = try LocalAuthority(directory: directory)
        #expect(first.notice == nil && again.notice == nil)
        #expect(first.root == again.root)
        let path = "\(directory)/\(LocalAuthority.fileName)"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func withoutADirectoryItLastsAsLongAsTheProcess() throws {
        let authority = try LocalAuthority(directory: "/nowhere/at/all")
        #expect(authority.notice?.contains("will not outlast this process") == true)
        #expect(try authority.issue(["localhost"]).names == ["localhost"])
    }

    @Test func whatItIssues() throws {
        let authority = try LocalAuthority(directory: directory)
        let certificate = try authority.issue(["shop.example", "*.shop.example", "127.0.0.1", "::1"])
        #expect(certificate.names == ["shop.example", "*.shop.example"])
        #expect(certificate.warnings.isEmpty)
        #expect(certificate.notAfter - Certificate.now() <= LocalAuthority.lifetime)
        #expect(!certificate.authorityKey.isEmpty && (1...20).contains(certificate.serial.count))
    }

    @Test func anExpiringRootMakesWay() throws {
        let old = try LocalAuthority(directory: directory, now: Certificate.now() - 3640 * 86400)
        let new = try LocalAuthority(directory: directory)
        #expect(old.root != new.root && new.notice == nil)
        #expect(try LocalAuthority(directory: directory).root == new.root)
    }

    @Test func aDamagedRootIsNotReplaced() throws {
        let path = "\(directory)/\(LocalAuthority.fileName)"
        try Data("not a certificate".utf8).write(to: URL(filePath: path))
        #expect(throws: CertificateFault.self) { try LocalAuthority(directory: directory) }
    }

    @Test func answersToChallenges() throws {
        let digest = [UInt8](repeating: 7, count: 32)
        let certificate = try Certificate.challenge(for: "shop.example", digest: digest)
        #expect(certificate.names == ["shop.example"])
        let answers = ChallengeAnswers()
        answers.set([1, 2], for: "token")
        func answer(_ path: String) -> [UInt8]? { answers.answer(path: Array(path.utf8).span) }
        #expect(answer("/.well-known/acme-challenge/token") == [1, 2])
        #expect(answer("/.well-known/acme-challenge/other") == nil)
        #expect(answer("/.well-known/acme-challenge/") == nil)
        #expect(answer("/token") == nil)
        answers.set(nil, for: "token")
        #expect(answer("/.well-known/acme-challenge/token") == nil)
    }

    @Test func keysSignAndRequest() throws {
        let key = try OwnKey()
        #expect(key.sign(Array("text".utf8))?.count == 64)
        #expect(key.publicPoint.x.count == 32 && key.publicPoint.y.count == 32)
        let again = try OwnKey(text: key.text, name: "the key")
        #expect(again.publicPoint == key.publicPoint)
        let request = key.request(for: ["shop.example", "*.shop.example"])
        #expect(request.first == 0x30 && request.count > 200)
        #expect(throws: CertificateFault.self) { try OwnKey(text: Array("no key".utf8), name: "the key") }
    }

    @Test func aThousandNames() throws {
        let authority = try LocalAuthority(directory: directory)
        let clock = ContinuousClock()
        let store = CertificateStore()
        let took = try clock.measure {
            for number in 0..<1000 {
                store.replace("\(number)", with: [try authority.issue(["\(number).example"])])
            }
        }
        #expect(store.all.count == 1000)
        print("issued and stored 1000 certificates in \(took)")
    }
}
