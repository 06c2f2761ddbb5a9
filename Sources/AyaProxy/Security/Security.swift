package import AyaConfig
internal import AyaCore
package import AyaTLS

/// The TLS of a snapshot: contexts of its listeners, made once and shared by all workers.
package struct Security: Sendable {
    /// By listener; nil without TLS.
    package let listeners: [ServerContext?]
    /// Of the listeners that have any.
    package let certificates: [ListenerCertificates]
    /// What authorities are answered on listeners without TLS; nil when none asks there.
    package let challenges: ChallengeAnswers?
    /// By pool and server; nil without TLS.
    package let pools: [[TLSTarget]?]
    /// What is legal but risky about certificates and keys, with the listener's or pool's name.
    package let warnings: [String]
    package let tickets: TicketKeys
    private let authority: LocalAuthority?
    /// By pool: its context, and what that was made of.
    let contexts: [(source: PoolSource, context: ClientContext)?]

    /// Without TLS anywhere.
    package init(none blueprint: Blueprint) {
        listeners = blueprint.listeners.map { _ in nil }
        certificates = []
        challenges = nil
        pools = blueprint.pools.map { _ in nil }
        warnings = []
        contexts = blueprint.pools.map { _ in nil }
        tickets = TicketKeys()
        authority = nil
    }

    /// Reads every file that the blueprint names. What `former` has of the same configuration goes on: its listeners'
    /// certificates, wherever they come from, the contexts of its pools, and the keys of its tickets, so that sessions
    /// which began before a reload can be resumed after it. `tickets`: those of a process that this one succeeds.
    package init(
        _ blueprint: Blueprint, continuing former: Security? = nil, tickets inherited: TicketKeys? = nil
    ) throws(Fault) {
        let authority = if let known = former?.authority { known } else { try Self.authority(of: blueprint) }
        self.authority = authority
        var reading = Reading(blueprint, authority: authority, former: former, tickets: inherited)
        try reading.readAll { fault throws(Fault) in throw fault }
        listeners = reading.listeners
        certificates = reading.certificates
        pools = reading.pools
        let asksHere = reading.certificates.contains { $0.automatic?.challenge == .http }
        challenges = asksHere ? former?.challenges ?? ChallengeAnswers() : nil
        tickets = reading.tickets
        contexts = reading.contexts
        warnings = [former == nil ? authority?.notice : nil].compactMap { $0 } + reading.warnings
    }

    /// Everything that speaks against the files that the blueprint names, and what is risky about them. Nothing is
    /// made that was not there.
    package static func check(_ blueprint: Blueprint) -> (faults: [Fault], warnings: [String]) {
        var reading = Reading(blueprint, authority: nil, former: nil)
        var faults: [Fault] = []
        reading.readAll { faults.append($0) }
        return (faults, reading.warnings)
    }

    /// Why it could not be made: which file of whom is wrong, and how.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// The authority of this machine's own; nil when no listener wants it.
    private static func authority(of blueprint: Blueprint) throws(Fault) -> LocalAuthority? {
        guard
            blueprint.listeners.contains(where: { listener in
                if case .local? = listener.tls?.issuer { true } else { false }
            })
        else { return nil }
        do throws(CertificateFault) {
            return try LocalAuthority(directory: blueprint.state)
        } catch {
            throw Fault(description: "the local authority: \(error)")
        }
    }
}
