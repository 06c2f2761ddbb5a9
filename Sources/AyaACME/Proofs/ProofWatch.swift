internal import AyaCore
package import AyaReactor
package import AyaTLS

/// Shows what other processes want shown: an authority that asks for proof may reach any process that serves the host.
package final class ProofWatch: Waiter {
    private let shelf: ACMEShelf
    private let stores: [CertificateStore]
    private let answers: ChallengeAnswers?
    private var stamp: Int64 = 0
    private var shown: [Proofs.Proof] = []

    /// Whoever orders waits for longer than this.
    static let period = Interval.seconds(1)

    package init(_ shelf: ACMEShelf, stores: [CertificateStore], answers: ChallengeAnswers?, worker: Worker) {
        self.shelf = shelf
        self.stores = stores
        self.answers = answers
        super.init(worker: worker)
        setDeadline(worker.now + .milliseconds(1))
    }

    package func stop() { retire() }

    package override func parkedTimeout() {
        let current = shelf.proofsModified()
        if current != stamp {
            stamp = current
            show(shelf.sharedProofs(now: Certificate.now()))
        }
        setDeadline(worker.now + Self.period)
    }

    private func show(_ proofs: [Proofs.Proof]) {
        for gone in shown where !proofs.contains(gone) {
            answers?.set(nil, for: gone.token)
            for store in stores { store.setChallenge(nil, for: gone.host) }
        }
        for new in proofs where !shown.contains(new) {
            answers?.set(Array(new.answer.utf8), for: new.token)
            do throws(CertificateFault) {
                let certificate = try Certificate.challenge(for: new.host, digest: new.digest)
                for store in stores { store.setChallenge(certificate, for: new.host) }
            } catch {
                continue
            }
        }
        shown = proofs
    }
}
