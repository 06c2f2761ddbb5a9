internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// Everything on the certificates' thread: listeners' files looked at now and then, and what the machine's own
/// authority issued made anew before its time.
final class CertificateDesk: Waiter {
    private let certificates: [ListenerCertificates]
    private let log: Log
    /// By listener and owner.
    private var failures: [Title: UInt64] = [:]

    private struct Title: Hashable {
        var listener: String
        var owner: String
    }

    /// A change of a file is seen within this time.
    private static let period = Interval.seconds(10)

    init(_ certificates: [ListenerCertificates], worker: Worker, log: Log) {
        self.certificates = certificates
        self.log = log
        super.init(worker: worker)
        setDeadline(worker.now + Self.period)
    }

    override func parkedTimeout() {
        readFiles(all: false)
        for listener in certificates {
            for news in listener.renewLocal() { tell(news, of: listener) }
        }
        setDeadline(worker.now + Self.period)
    }

    func readFiles(all: Bool) {
        for listener in certificates {
            for news in listener.readFiles(all: all) { tell(news, of: listener) }
        }
    }

    func stop() { retire() }

    /// What every certificate has left.
    func report() -> [CertificateSample] {
        let now = Certificate.now()
        return certificates.flatMap { listener in
            listener.store.all.map { owner, certificate in
                CertificateSample(
                    listener: listener.listener, certificate: owner,
                    counts: CertificateCounts(
                        expiry: Int(certificate.notAfter - now),
                        failures: failures[Title(listener: listener.listener, owner: owner)] ?? 0))
            }
        }
    }

    private func tell(_ news: ListenerCertificates.News, of listener: ListenerCertificates) {
        switch news {
        case .replaced(let owner, let notAfter):
            log.notice(
                "certificate replaced",
                ["listener": listener.listener, "certificate": owner, "until": Certificate.day(notAfter)])
        case .failed(let owner, let reason):
            failures[Title(listener: listener.listener, owner: owner), default: 0] &+= 1
            log.error(
                "certificate not replaced; the old one keeps serving",
                ["listener": listener.listener, "certificate": owner, "error": reason])
        case .warning(let text): log.warning(text, ["listener": listener.listener])
        }
    }
}
