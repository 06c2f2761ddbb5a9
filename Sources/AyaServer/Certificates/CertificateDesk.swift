internal import AyaACME
internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// Everything on the certificates' thread: listeners' files looked at now and then, and what the machine's own
/// authority issued made anew before its time.
final class CertificateDesk: Waiter {
    private let listeners: [ListenerCertificates]
    private var hosts: [AutomaticHost] = []
    private var watches: [ProofWatch] = []
    private var staples: StapleDesk
    private var onDemand: [OnDemandHosts] = []
    private let log: Log
    /// By listener and owner.
    private var failures: [Title: Failures] = [:]

    private struct Failures {
        var count: UInt64 = 0
        /// Of the latest; nil once it went well.
        var problem: String?
    }

    private struct Title: Hashable {
        var listener: String
        var owner: String
    }

    /// A change of a file is seen within this time.
    private static let period = Interval.seconds(10)

    init(_ certificates: WatchedCertificates, worker: Worker, log: Log) {
        listeners = certificates.listeners
        self.log = log
        staples = StapleDesk(certificates.staples, log: log)
        super.init(worker: worker)
        order(certificates)
        staples.look(at: listeners, worker)
        setDeadline(worker.now + Self.period)
    }

    /// Gives every host that gets its certificates by ACME somebody who sees to it.
    private func order(_ certificates: WatchedCertificates) {
        let gate = OrderGate()
        var sessions: [Blueprint.Automatic: ACMESession] = [:]
        var companies: [String: Company] = [:]
        for automatic in certificates.automatic {
            let place = automatic.settings.directory
            if companies[place] == nil {
                companies[place] = automatic.shelf.join()
                let stores = certificates.automatic.filter { $0.settings.directory == place }.map(\.listener.store)
                watches.append(
                    ProofWatch(automatic.shelf, stores: stores, answers: certificates.challenges, worker: worker))
            }
            // One account for all listeners that ask for the same.
            var account = automatic.settings
            account.hosts = []
            let session =
                sessions[account]
                ?? ACMESession(
                    account, caller: HTTPSCaller(automatic.context, resolve: Resolver.resolveElsewhere),
                    shelf: automatic.shelf)
            sessions[account] = session
            let store = automatic.listener.store
            let proofs = Proofs(
                automatic.settings, store: store, answers: certificates.challenges, shelf: automatic.shelf,
                company: companies[place])
            let worker = self.worker
            let see = {
                (host: String, permission: NamePermission?, tell: @escaping (AutomaticHost.News) -> Void) in
                AutomaticHost(
                    host, session: session, shelf: automatic.shelf, store: store, proofs: proofs, gate: gate,
                    permission: permission, worker: worker, tell: tell)
            }
            for host in automatic.hosts {
                let title = Title(listener: automatic.listener.listener, owner: host)
                hosts.append(see(host, nil) { [weak self] in self?.tell($0, title) })
            }
            listen(to: automatic, see)
        }
    }

    /// Names that clients ask for.
    private func listen(
        to automatic: WatchedCertificates.Automatic,
        _ see: @escaping (String, NamePermission?, @escaping (AutomaticHost.News) -> Void) -> AutomaticHost
    ) {
        guard let settings = automatic.settings.onDemand, let demand = automatic.listener.store.demand else { return }
        let listener = automatic.listener.listener
        let store = automatic.listener.store
        let wanted = OnDemandHosts(
            settings, demand: demand, store: automatic.listener.store, shelf: automatic.shelf,
            caller: HTTPSCaller(automatic.askContext, resolve: Resolver.resolveElsewhere), worker: worker, keep: see
        ) { [weak self, log] host, news in
            switch news {
            // Names of strangers that came to nothing leave nothing behind.
            case .host(.failed(let reason, _)) where !store.all.contains(where: { $0.owner == host }):
                log.warning("no certificate on demand", ["listener": listener, "host": host, "reason": reason])
            case .host(let news): self?.tell(news, Title(listener: listener, owner: host))
            case .refused(let reason):
                log.info("no certificate on demand", ["listener": listener, "host": host, "reason": reason])
            }
        }
        wanted.adopt(others: Set(automatic.hosts))
        onDemand.append(wanted)
        let executor = worker.executor
        // Safe: used on the thread alone.
        nonisolated(unsafe) let confined = wanted
        demand.listen { name in executor.post { _ in unsafe confined.want(name) } }
    }

    override func parkedTimeout() {
        readFiles(all: false)
        for listener in listeners {
            for news in listener.renewLocal() { tell(news, of: listener) }
        }
        staples.look(at: listeners, worker)
        setDeadline(worker.now + Self.period)
    }

    func readFiles(all: Bool) {
        for listener in listeners {
            for news in listener.readFiles(all: all) { tell(news, of: listener) }
        }
        staples.look(at: listeners, worker)
    }

    func stop() {
        retire()
        for host in hosts { host.stop() }
        for watch in watches { watch.stop() }
        staples.stop()
        for one in onDemand { one.stop() }
    }

    /// What every certificate has left.
    func report() -> [CertificateSample] {
        let now = Certificate.now()
        var missing = failures
        var samples: [CertificateSample] = []
        func add(_ title: Title, expiry: Int, _ failures: Failures) {
            samples.append(
                CertificateSample(
                    listener: title.listener, certificate: title.owner,
                    counts: CertificateCounts(expiry: expiry, failures: failures.count), problem: failures.problem))
        }
        for listener in listeners {
            for (owner, certificate) in listener.store.all {
                let title = Title(listener: listener.listener, owner: owner)
                add(title, expiry: Int(certificate.notAfter - now), missing.removeValue(forKey: title) ?? Failures())
            }
        }
        // A host that never got a certificate is out of time already.
        for (title, failures) in missing.sorted(by: { $0.key.owner < $1.key.owner }) {
            add(title, expiry: 0, failures)
        }
        return samples
    }

    private func fail(_ title: Title, _ reason: String) {
        failures[title, default: Failures()].count &+= 1
        failures[title]?.problem = reason
    }

    private func tell(_ news: AutomaticHost.News, _ title: Title) {
        let (listener, host) = (title.listener, title.owner)
        switch news {
        case .obtained(let notAfter):
            failures[title]?.problem = nil
            log.notice(
                "certificate obtained",
                ["listener": listener, "host": host, "until": Certificate.day(notAfter)])
        case .adopted(let notAfter):
            failures[title]?.problem = nil
            log.notice(
                "certificate taken over from another process",
                ["listener": listener, "host": host, "until": Certificate.day(notAfter)])
        case .failed(let reason, let retryIn):
            fail(title, reason)
            log.error(
                "no certificate obtained",
                ["listener": listener, "host": host, "error": reason, "retry_in": "\(retryIn)s"])
        case .notKept: log.error("the certificate can't be kept on disk", ["listener": listener, "host": host])
        case .notAllowed(let reason, let retryIn):
            fail(title, reason)
            log.warning(
                "certificate on demand not renewed",
                ["listener": listener, "host": host, "reason": reason, "retry_in": "\(retryIn)s"])
        case .ranOut:
            failures[title] = nil
            log.warning("certificate ran out and is not shown any more", ["listener": listener, "host": host])
        }
    }

    private func tell(_ news: ListenerCertificates.News, of listener: ListenerCertificates) {
        switch news {
        case .replaced(let owner, let notAfter):
            failures[Title(listener: listener.listener, owner: owner)]?.problem = nil
            log.notice(
                "certificate replaced",
                ["listener": listener.listener, "certificate": owner, "until": Certificate.day(notAfter)])
        case .failed(let owner, let reason):
            fail(Title(listener: listener.listener, owner: owner), reason)
            log.error(
                "certificate not replaced; the old one keeps serving",
                ["listener": listener.listener, "certificate": owner, "error": reason])
        case .warning(let text): log.warning(text, ["listener": listener.listener])
        }
    }
}
