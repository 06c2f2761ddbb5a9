internal import AyaCore
package import AyaReactor
package import AyaTLS

/// Keeps one host of a listener in certificates: takes over what is kept on disk, asks the authority for the first,
/// renews it in time, and tries again when that fails.
///
/// Between two looks it is parked: an object and a place in the timer wheel.
package final class AutomaticHost: Waiter {
    package let host: String
    private let session: ACMESession
    private let shelf: ACMEShelf
    private let store: CertificateStore
    private let proofs: Proofs
    private let gate: OrderGate
    /// Who is asked before a renewal; nil: nobody.
    private let permission: NamePermission?
    private let tell: (News) -> Void

    private var certificate: Certificate?
    /// Of the file that the certificate came from.
    private var stamp: Int64 = 0
    private var renewal: (window: RenewalWindow, moment: Int64)?
    /// When the authority is asked next for its opinion; seconds since 1970, like all times here.
    private var askAt: Int64 = 0
    private var retryAt: Int64 = 0
    private var backoff = Backoff()
    /// The name may have no other certificate, as far as is known.
    private var isRefused = false
    private var isStopped = false
    private var isWorking = false

    /// What happened, for the log.
    package enum News: Sendable {
        case obtained(notAfter: Int64)
        /// Another process has renewed it.
        case adopted(notAfter: Int64)
        case failed(reason: String, retryIn: Int64)
        case notKept
        /// The name may have no other certificate; the one that it has serves to its end.
        case notAllowed(reason: String, retryIn: Int64)
        /// That end has come.
        case ranOut
    }

    /// A look at the file and the clock.
    private static let period = Interval.seconds(10)

    package init(
        _ host: String, session: ACMESession, shelf: ACMEShelf, store: CertificateStore, proofs: Proofs,
        gate: OrderGate, permission: NamePermission? = nil, worker: Worker, tell: @escaping (News) -> Void
    ) {
        self.host = host
        self.session = session
        self.shelf = shelf
        self.store = store
        self.proofs = proofs
        self.gate = gate
        self.permission = permission
        self.tell = tell
        super.init(worker: worker)
        certificate = store.all.first { $0.owner == host }?.certificate
        stamp = shelf.modified(host)
        setDeadline(worker.now + .milliseconds(1))
    }

    /// What is under way with the authority goes to its end: its deadlines must stay, or its lock would.
    package func stop() {
        isStopped = true
        if !isWorking { retire() }
    }

    /// Nearly always there is nothing to do, and no task is needed to find that out.
    package override func parkedTimeout() {
        adopt()
        if isRefused, let certificate, certificate.notAfter <= Certificate.now() {
            store.remove(host)
            return tell(.ranOut)
        }
        if hasWork(Certificate.now()) { startServing() } else { setDeadline(worker.now + Self.period) }
    }

    package override func parkedEvent() {}

    private func hasWork(_ now: Int64) -> Bool {
        (isDue(now) && now >= retryAt) || (certificate != nil && now >= askAt)
    }

    package override func serve() async {
        isWorking = true
        let next = await work()
        isWorking = false
        if !isStopped { park(until: worker.now + next) }
    }

    /// How long until the next look.
    private func work() async -> Interval {
        // Few at a time, and not all those that wait in one moment: authorities count what they are asked.
        guard gate.enter() else { return .milliseconds(500 + Int64.random(in: 0..<1500, using: &worker.random)) }
        defer { gate.leave() }
        let now = Certificate.now()
        if isDue(now), now >= retryAt { return await renew() }
        if let certificate, now >= askAt { await askWhen(certificate) }
        return Self.period
    }

    private func isDue(_ now: Int64) -> Bool {
        guard let certificate else { return true }
        if let renewal { return now >= renewal.moment }
        let window = RenewalWindow(notBefore: certificate.notBefore, notAfter: certificate.notAfter)
        renewal = (window, window.moment(&worker.random))
        return now >= window.start && isDue(now)
    }

    /// Takes over what another process has put on the shelf.
    private func adopt() {
        let current = shelf.modified(host)
        guard current != stamp else { return }
        stamp = current
        guard let kept = shelf.certificate(host), kept.notAfter > certificate?.notAfter ?? 0 else { return }
        use(kept)
        tell(.adopted(notAfter: kept.notAfter))
    }

    private func use(_ new: Certificate) {
        certificate = new
        renewal = nil
        askAt = 0
        store.replace(host, with: [new])
    }

    private func renew() async -> Interval {
        guard let lock = shelf.lock(host) else { return .seconds(2) }
        defer { withExtendedLifetime(lock) {} }
        // Who had the lock before may have done it.
        adopt()
        guard isDue(Certificate.now()) else { return Self.period }
        if certificate != nil, let refusal = await permission?.whyNot(host, self) {
            isRefused = true
            return wait(after: refusal) { .notAllowed(reason: $0, retryIn: $1) }
        }
        isRefused = false
        do throws(ACMEFault) {
            let obtained = try await session.obtain(
                host, replacing: certificate?.renewalName, proofs: proofs, self)
            let new = try made { () throws(CertificateFault) in
                try Certificate(chain: obtained.chain, key: obtained.key)
            }
            if !shelf.keep(obtained, host) { tell(.notKept) }
            stamp = shelf.modified(host)
            use(new)
            backoff.succeed()
            tell(.obtained(notAfter: new.notAfter))
        } catch {
            session.forget(error)
            return wait(after: error) { .failed(reason: $0, retryIn: $1) }
        }
        return .seconds(1)
    }

    private func wait(after fault: ACMEFault, _ news: (String, Int64) -> News) -> Interval {
        let pause = backoff.fail(fault, &worker.random)
        retryAt = Certificate.now() + pause
        if !isStopped { tell(news(fault.reason, pause)) }
        return min(Self.period, .seconds(max(1, pause)))
    }

    /// Asks the authority when it would have the certificate renewed. No answer changes nothing.
    private func askWhen(_ certificate: Certificate) async {
        askAt = Certificate.now() + 6 * 3600
        do throws(ACMEFault) {
            guard let opinion = try await session.suggestion(for: certificate, self) else { return }
            // RFC 9773 section 4.3: not more often than once a minute, and at least once a day.
            askAt = Certificate.now() + min(max(60, opinion.askAfter), 86400)
            if renewal?.window != opinion.window {
                // Some suggest to wait until the end; a tenth of its time is left for tries that fail.
                let latest = certificate.notAfter - (certificate.notAfter - certificate.notBefore) / 10
                renewal = (opinion.window, min(opinion.window.moment(&worker.random), latest))
            }
        } catch {
            session.forget(error)
            askAt = Certificate.now() + 3600
        }
    }
}

/// How many orders of a process may be under way at once.
package final class OrderGate {
    private var inside = 0
    private static let most = 4

    package init() {}

    func enter() -> Bool {
        guard inside < Self.most else { return false }
        inside += 1
        return true
    }

    func leave() { inside -= 1 }
}
