internal import AyaCore
internal import AyaHTTP
package import AyaReactor
package import AyaTLS

/// Keeps the OCSP answer that is shown with one certificate: asks the issuer's responder for the first, for a newer one
/// when half of its time has passed, and takes it away before clients would refuse it.
///
/// No handshake waits for it: a certificate is shown without an answer until there is one.
package final class StapleKeeper: Waiter {
    /// The certificate as it stands in the store.
    package private(set) var certificate: Certificate
    private let subject: StapleSubject
    private let store: CertificateStore
    private let caller: HTTPSCaller
    private let gate: OrderGate
    private let shelf: StapleShelf
    private let tell: (News) -> Void
    /// Seconds since 1970, like all times here.
    private var askAt: Int64
    private var backoff = Backoff()
    private var isStopped = false
    private var isWorking = false

    /// What happened, for the log.
    package enum News: Sendable {
        case fetched(until: Int64)
        case failed(reason: String, retryIn: Int64)
        /// The last answer has grown too old, and there is no newer one.
        case dropped
        /// It serves, but a restart will have to ask again.
        case notKept
    }

    private static let period = Interval.seconds(10)

    /// Nil for a certificate that names no responder, or whose answer comes from a file.
    package init?(
        _ certificate: Certificate, store: CertificateStore, caller: HTTPSCaller, gate: OrderGate, shelf: StapleShelf,
        worker: Worker, tell: @escaping (News) -> Void
    ) {
        guard let subject = certificate.subject, !certificate.hasOwnStaple else { return nil }
        self.certificate = certificate
        self.subject = subject
        self.store = store
        self.caller = caller
        self.gate = gate
        self.shelf = shelf
        self.tell = tell
        askAt = certificate.staple?.refresh ?? 0
        super.init(worker: worker)
        if certificate.staple == nil, let known = shelf.answer(subject, now: Certificate.now()) { use(known) }
        setDeadline(worker.now + .milliseconds(1))
    }

    package func stop() {
        isStopped = true
        if !isWorking { retire() }
    }

    package override func parkedTimeout() {
        let now = Certificate.now()
        if let staple = certificate.staple, staple.expiry <= now {
            show(nil)
            tell(.dropped)
        }
        if now >= askAt { startServing() } else { setDeadline(worker.now + pause(now)) }
    }

    /// Until there is something to do again; the clock may jump, so never for long.
    private func pause(_ now: Int64) -> Interval {
        let next = min(askAt, certificate.staple?.expiry ?? .max)
        return min(Self.period, .seconds(max(1, min(next &- now, 60))))
    }

    package override func parkedEvent() {}

    package override func serve() async {
        isWorking = true
        let next = await work()
        isWorking = false
        if !isStopped { park(until: worker.now + next) }
    }

    /// How long until the next look.
    private func work() async -> Interval {
        guard gate.enter() else { return .milliseconds(500 + Int64.random(in: 0..<1500, using: &worker.random)) }
        defer { gate.leave() }
        // Another process that shares the directory may have asked already.
        if let known = shelf.answer(subject, now: Certificate.now()), known.refresh > Certificate.now() {
            use(known)
            return pause(Certificate.now())
        }
        do throws(ACMEFault) {
            let answer = try await fetch()
            backoff.succeed()
            use(answer)
            let isKept = shelf.keep(answer, subject)
            if !isStopped {
                tell(.fetched(until: answer.expiry))
                if !isKept { tell(.notKept) }
            }
        } catch {
            let pause = backoff.fail(error, &worker.random)
            askAt = Certificate.now() + pause
            if !isStopped { tell(.failed(reason: error.reason, retryIn: pause)) }
        }
        return pause(Certificate.now())
    }

    private func fetch() async throws(ACMEFault) -> OCSPAnswer {
        guard let url = HTTPSAddress.plain(subject.responder) else {
            throw ACMEFault(.refused, "the certificate's responder is no http URL")
        }
        let answer = try await caller.call(
            "POST", url, body: subject.request, type: "application/ocsp-request", accept: "application/ocsp-response",
            self)
        guard answer.isGood else {
            throw ACMEFault(.unreachable, "\(url.host) answers with \(answer.status)", retryAfter: answer.retryAfter)
        }
        do throws(CertificateFault) {
            return try OCSPAnswer(answer.body, about: subject, now: Certificate.now())
        } catch {
            throw ACMEFault(.refused, "\(url.host): \(error)")
        }
    }

    private func use(_ answer: OCSPAnswer) {
        askAt = max(answer.refresh, Certificate.now() + 10)
        show(answer)
    }

    /// A certificate that nobody shows any more needs no answer; who made this keeper sees that too.
    private func show(_ answer: OCSPAnswer?) {
        do throws(CertificateFault) {
            let new = try Certificate(certificate, staple: answer)
            if store.exchange(certificate, for: new) { certificate = new }
        } catch {
            tell(.failed(reason: error.description, retryIn: 0))
        }
    }
}
