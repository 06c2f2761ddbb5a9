package import AyaConfig
internal import AyaCore
package import AyaReactor
package import AyaTLS

/// Shows an authority that a host is ours, in the way that the listener's configuration says.
package struct Proofs {
    private let challenge: Blueprint.Automatic.Challenge
    private let hook: [String]
    /// Of the listener itself.
    private let store: CertificateStore
    /// Of the listeners without TLS.
    private let answers: ChallengeAnswers?
    private let shelf: ACMEShelf
    private let company: Company?

    package init(
        _ settings: Blueprint.Automatic, store: CertificateStore, answers: ChallengeAnswers?, shelf: ACMEShelf,
        company: Company?
    ) {
        challenge = settings.challenge
        hook = settings.hook
        self.store = store
        self.answers = answers
        self.shelf = shelf
        self.company = company
    }

    /// What is to be shown, and where.
    package struct Proof: Equatable, Sendable {
        package var host: String
        package var token: String
        /// Token and thumbprint of the account's key (RFC 8555 section 8.1).
        package var answer: String

        /// As records and certificates have it.
        var digest: [UInt8] { Digest.sha256(Array(answer.utf8)) }
    }

    package func put(_ proof: Proof, _ waiter: Waiter) async throws(ACMEFault) {
        switch challenge {
        case .http: answers?.set(Array(proof.answer.utf8), for: proof.token)
        case .tlsALPN:
            let certificate = try made { () throws(CertificateFault) in
                try Certificate.challenge(for: proof.host, digest: proof.digest)
            }
            store.setChallenge(certificate, for: proof.host)
        case .dns: return try await runHook("add", proof, waiter)
        }
        shelf.share(proof)
        // The authority may ask any of them, and each looks once a second.
        if company?.isAlone == false { await waiter.sleep(.milliseconds(1500)) }
    }

    package func remove(_ proof: Proof, _ waiter: Waiter) async {
        switch challenge {
        case .http: answers?.set(nil, for: proof.token)
        case .tlsALPN: store.setChallenge(nil, for: proof.host)
        // A record that stays is a blemish, no reason to do without the certificate.
        case .dns: try? await runHook("remove", proof, waiter)
        }
        shelf.withdraw(proof)
    }

    private func runHook(_ act: String, _ proof: Proof, _ waiter: Waiter) async throws(ACMEFault) {
        let name = "_acme-challenge." + (proof.host.hasPrefix("*.") ? String(proof.host.dropFirst(2)) : proof.host)
        let words = hook + [act, name, Base64URL.encode(proof.digest)]
        try await Hook(words).run(waiter)
    }
}
