internal import Synchronization

/// An authority of this machine's own, for development: its root is made once and kept, and whoever trusts it trusts
/// every certificate that is issued here.
package final class LocalAuthority: Sendable {
    /// Days that what it issues is good for. Nothing but the clock speaks against short ones.
    package static let lifetime: Int64 = 30 * 86400
    private static let rootLifetime: Int64 = 3650 * 86400
    package static let fileName = "local-authority.pem"

    private let key: OwnKey
    /// The root's certificate, in PEM.
    package let root: [UInt8]
    /// What an operator should know; nil when all is well.
    package let notice: String?

    /// The authority that is kept in the directory; made when there is none. Where nothing can be kept it lasts as long
    /// as the process, and `notice` says so.
    package init(directory: String, now: Int64 = Certificate.now()) throws(CertificateFault) {
        let path = "\(directory)/\(Self.fileName)"
        if let kept = try Self.kept(path, now) {
            (key, root) = (kept.key, kept.root)
            notice =
                kept.isOpenToOthers ? "the key of the local authority in '\(path)' can be read by others" : nil
            return
        }
        let made = try Self.make(now)
        if PrivateFile.put(made.root + made.key.text, at: path) {
            (key, root, notice) = (made.key, made.root, nil)
        } else if let kept = try Self.kept(path, now) {
            // Another process was faster.
            (key, root, notice) = (kept.key, kept.root, nil)
        } else {
            (key, root) = (made.key, made.root)
            notice =
                "the local authority will not outlast this process: its root can't be kept in '\(directory)' "
                + "(make that directory, or set 'state')"
        }
    }

    /// Nil when there is none, or an expired one, which makes way.
    private static func kept(
        _ path: String, _ now: Int64
    ) throws(CertificateFault) -> (key: OwnKey, root: [UInt8], isOpenToOthers: Bool)? {
        guard SecretFile.exists(path) else { return nil }
        let file = try SecretFile(path)
        let key = try OwnKey(text: file.bytes, name: "'\(path)'")
        guard let certificate = PEM.certificates(file.bytes).first else {
            throw CertificateFault("'\(path)' holds no certificate in PEM form")
        }
        guard certificate.notAfter > now + lifetime else {
            PrivateFile.remove(path)
            return nil
        }
        return (key, certificate.text, file.isReadableByOthers)
    }

    private static func make(_ now: Int64) throws(CertificateFault) -> (key: OwnKey, root: [UInt8]) {
        let key = try OwnKey()
        var issue = Issue(key: key, notBefore: now - 86400, notAfter: now + rootLifetime)
        issue.organization = "Aya"
        // Two machines' roots, side by side in a browser's list, must be told apart.
        issue.commonName = "Aya local authority " + hexadecimal(key.publicPoint.x.prefix(4))
        issue.isAuthority = true
        return (key, try issue.make().text)
    }

    /// A certificate for these names (hosts, or addresses), with a key of its own.
    package func issue(_ names: [String], now: Int64 = Certificate.now()) throws(CertificateFault) -> Certificate {
        guard let issuer = PEM.certificates(root).first else { throw CertificateFault("out of memory") }
        let key = try OwnKey()
        var issue = Issue(key: key, notBefore: now - 86400, notAfter: now + Self.lifetime)
        issue.issuer = (issuer, self.key)
        issue.names = names
        return try Certificate(chain: try issue.make().text, key: key.text, now: now)
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
