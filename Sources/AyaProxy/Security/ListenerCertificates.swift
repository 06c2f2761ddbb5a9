package import AyaConfig
package import AyaTLS
internal import Synchronization

/// The certificates of one listener, and where they come from: files that are watched, and an authority of this
/// machine's own. What comes by ACME is put into the store by whoever speaks with the authority.
package final class ListenerCertificates: Sendable {
    package let listener: String
    package let store: CertificateStore
    /// What comes by ACME; nil: nothing does.
    package let automatic: Blueprint.Automatic?
    private let source: Blueprint.ListenerTLS
    /// Answers of OCSP are fetched for those that name a responder.
    package var fetchesStaples: Bool { source.staples }
    private let authority: LocalAuthority?
    /// What the authority issues for, a certificate each.
    private let local: [[String]]
    private let files: Mutex<[Watched]>
    package let warnings: [String]

    /// What became of a certificate while it was looked after, for the log.
    package enum News: Sendable {
        case replaced(owner: String, notAfter: Int64)
        /// The old one keeps serving.
        case failed(owner: String, reason: String)
        case warning(String)
    }

    private struct Watched {
        var files: Blueprint.CertificateFiles
        /// When the files were changed, as they were read.
        var stamps: [Int64]
        /// Of files that could not be used; they are tried again when they change.
        var refused: [Int64]?

        var current: [Int64] {
            [files.certificate, files.key, files.ocsp].map { $0.map(PrivateFile.modified) ?? 0 }
        }
    }

    /// Reads every file, and has the authority issue what is its to issue. The first file's certificate is everybody's
    /// fallback.
    package init(
        _ tls: Blueprint.ListenerTLS, listener: String, authority: LocalAuthority?
    ) throws(CertificateFault) {
        self.listener = listener
        source = tls
        self.authority = authority
        var warnings: [String] = []
        var owners: [(name: String, certificates: [Certificate])] = []
        var watched: [Watched] = []
        for files in tls.certificates {
            let entry = Watched(files: files, stamps: [])
            watched.append(Watched(files: files, stamps: entry.current))
            let certificate = try Certificate(files)
            warnings += certificate.warnings
            owners.append((files.certificate, [certificate]))
        }
        self.files = Mutex(watched)
        var isOnDemand = false
        if case .automatic(let settings)? = tls.issuer { isOnDemand = settings.onDemand != nil }
        store = CertificateStore(demand: isOnDemand ? NameDemand() : nil)
        switch tls.issuer {
        case nil: (automatic, local) = (nil, [])
        case .automatic(let settings): (automatic, local) = (settings, [])
        case .local(let hosts): (automatic, local) = (nil, Self.names(hosts))
        }
        if let authority {
            for names in local { owners.append((names[0], [try authority.issue(names)])) }
        }
        store.replaceAll(owners)
        self.warnings = warnings
    }

    /// Whether these are what a configuration means.
    func isSame(_ tls: Blueprint.ListenerTLS, of listener: String) -> Bool {
        self.listener == listener && source == tls
    }

    /// This machine itself first, which is what clients get that name nobody.
    private static func names(_ hosts: [Blueprint.HostPattern]) -> [[String]] {
        let own = ["localhost", "127.0.0.1", "::1"]
        return [own] + hosts.map(\.description).filter { !own.contains($0) && !$0.hasPrefix("[") }.map { [$0] }
    }

    /// Reads files that were changed, or all of them. What can't be used leaves the certificate as it is.
    package func readFiles(all: Bool = false) -> [News] {
        files.withLock { files in
            var news: [News] = []
            for index in files.indices {
                let current = files[index].current
                guard all || (current != files[index].stamps && current != files[index].refused) else { continue }
                do throws(CertificateFault) {
                    let certificate = try Certificate(files[index].files)
                    files[index].stamps = current
                    files[index].refused = nil
                    store.replace(files[index].files.certificate, with: [certificate])
                    news += certificate.warnings.map { .warning($0) }
                    news.append(
                        .replaced(owner: files[index].files.certificate, notAfter: certificate.notAfter))
                } catch {
                    files[index].refused = current
                    news.append(.failed(owner: files[index].files.certificate, reason: error.description))
                }
            }
            return news
        }
    }

    /// Has the machine's own authority issue anew what has used up two thirds of its time.
    package func renewLocal(now: Int64 = Certificate.now()) -> [News] {
        guard let authority else { return [] }
        var news: [News] = []
        let known = Dictionary(
            store.all.map { ($0.owner, $0.certificate) }, uniquingKeysWith: { first, _ in first })
        for names in local {
            if let certificate = known[names[0]], certificate.notAfter - now > LocalAuthority.lifetime / 3 { continue }
            do throws(CertificateFault) {
                let certificate = try authority.issue(names, now: now)
                store.replace(names[0], with: [certificate])
                news.append(.replaced(owner: names[0], notAfter: certificate.notAfter))
            } catch {
                news.append(.failed(owner: names[0], reason: error.description))
            }
        }
        return news
    }
}

extension Certificate {
    fileprivate convenience init(_ files: Blueprint.CertificateFiles) throws(CertificateFault) {
        try self.init(certificate: files.certificate, key: files.key, ocsp: files.ocsp)
    }
}
