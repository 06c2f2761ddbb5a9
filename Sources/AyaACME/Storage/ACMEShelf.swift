internal import AyaCore
package import AyaTLS
internal import Glibc

/// Where what an authority gave is kept: the account, and a file with key and chain for each host, in a directory for
/// each authority. Several processes may share it: files are there as a whole or not at all, and who renews holds a
/// lock.
package struct ACMEShelf: Sendable {
    let directory: String

    /// Of one authority, under the state directory; nil when nothing can be kept there.
    package init?(state: String, authority: String) {
        let name = String(
            decoding: authority.dropFirst("https://".count).utf8.map { byte -> UInt8 in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"): byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
        directory = "\(state)/acme/\(name)"
        guard PrivateFile.makeDirectory("\(state)/acme"), PrivateFile.makeDirectory(directory),
            unsafe access(directory, W_OK | X_OK) == 0
        else { return nil }
    }

    // MARK: certificates

    package func path(_ host: String) -> String { "\(directory)/\(Self.file(host)).pem" }

    private static func file(_ host: String) -> String {
        host.hasPrefix("*") ? "_wildcard" + host.dropFirst() : host
    }

    /// The certificate that is kept; nil when there is none, or none that can be used any more.
    package func certificate(_ host: String) -> Certificate? {
        guard let text = PrivateFile.read(path(host)) else { return nil }
        do throws(CertificateFault) {
            return try Certificate(chain: text, key: text)
        } catch {
            return nil
        }
    }

    package func modified(_ host: String) -> Int64 { PrivateFile.modified(path(host)) }

    /// False when it can't be kept.
    func keep(_ obtained: ACMESession.Obtained, _ host: String) -> Bool {
        PrivateFile.replace(obtained.key + obtained.chain, at: path(host))
    }

    /// Of a host that shall have none any more.
    func drop(_ host: String) { PrivateFile.remove(path(host)) }

    /// The right to renew a host's certificate, for this process alone; nil while another has it.
    func lock(_ host: String) -> HostLock? { HostLock("\(directory)/\(Self.file(host)).lock") }

    /// What tells whether other processes share the directory; nil when that can't be told.
    package func join() -> Company? { Company("\(directory)/processes.lock") }

    // MARK: the account

    private var accountPath: String { "\(directory)/account.pem" }
    private static let mark = "Location: "

    /// The key, and where the account is at the authority; the second stands in a line below the first.
    func account() -> (key: OwnKey, url: String)? {
        guard let text = PrivateFile.read(accountPath) else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(Self.mark) }) else { return nil }
        let url = String(line.dropFirst(Self.mark.count))
        do throws(CertificateFault) {
            let key = try OwnKey(text: text, name: "'\(accountPath)'")
            return HTTPSAddress(url) == nil ? nil : (key, url)
        } catch {
            return nil
        }
    }

    func keepAccount(_ key: OwnKey, url: String) {
        _ = PrivateFile.replace(key.text + Array("\(Self.mark)\(url)\n".utf8), at: accountPath)
    }

    func dropAccount() { PrivateFile.remove(accountPath) }
}
