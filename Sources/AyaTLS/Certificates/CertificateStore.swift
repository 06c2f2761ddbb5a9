internal import Synchronization

/// The certificates of a listener, found by the name that a client asks for.
///
/// All workers share one store; what it holds is replaced in one step while they run. Connections that are under way
/// keep what they were given. A certificate belongs to an *owner*, the name under which it is replaced: a file of the
/// configuration, or a host that gets its certificates by itself.
package final class CertificateStore: Sendable {
    private let state = Mutex(State())

    private struct State {
        var owners: [(name: String, certificates: [Certificate])] = []
        var table = Table()
        /// Certificates that prove control over a name to an ACME server (RFC 8737), by that name.
        var challenges: [String: Certificate] = [:]
    }

    /// What names lead to. Several certificates of one name stand side by side: the client's algorithms choose.
    private struct Table {
        var exact: [String: [Certificate]] = [:]
        /// By what follows `*.`.
        var wildcard: [String: [Certificate]] = [:]
        /// For clients that name nobody, or somebody unknown.
        var fallback: [Certificate] = []

        func named(_ name: String) -> [Certificate]? {
            if let found = exact[name] { return found }
            // A wildcard stands for one label (RFC 6125 section 6.4.3).
            guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
            return wildcard[String(name[name.utf8.index(after: dot)...])]
        }
    }

    /// Who is asked for names that nobody has; nil: nobody.
    package let demand: NameDemand?

    package init(demand: NameDemand? = nil) { self.demand = demand }

    /// Puts certificates in place of those that this owner had. The first owner's are everybody's fallback.
    package func replace(_ owner: String, with certificates: [Certificate]) {
        state.withLock { state in
            if let index = state.owners.firstIndex(where: { $0.name == owner }) {
                state.owners[index].certificates = certificates
            } else {
                state.owners.append((owner, certificates))
            }
            state.table = Self.table(of: state.owners)
        }
    }

    /// Many owners at once, in order.
    package func replaceAll(_ owners: [(name: String, certificates: [Certificate])]) {
        state.withLock { state in
            state.owners = owners
            state.table = Self.table(of: owners)
        }
    }

    /// Puts a certificate in the place of one that is still there; false when it is not.
    package func exchange(_ old: Certificate, for new: Certificate) -> Bool {
        state.withLock { state in
            for owner in state.owners.indices {
                guard let place = state.owners[owner].certificates.firstIndex(where: { $0 === old }) else { continue }
                state.owners[owner].certificates[place] = new
                state.table = Self.table(of: state.owners)
                return true
            }
            return false
        }
    }

    /// Many at once: others in the place of certificates that are there.
    package func exchange(_ pairs: [(old: Certificate, new: Certificate)]) {
        let news = Dictionary(pairs.map { (ObjectIdentifier($0.old), $0.new) }, uniquingKeysWith: { $1 })
        state.withLock { state in
            for owner in state.owners.indices {
                state.owners[owner].certificates = state.owners[owner].certificates.map {
                    news[ObjectIdentifier($0)] ?? $0
                }
            }
            state.table = Self.table(of: state.owners)
        }
    }

    package func remove(_ owner: String) {
        state.withLock { state in
            state.owners.removeAll { $0.name == owner }
            state.table = Self.table(of: state.owners)
        }
    }

    /// What a client gets that asks for `name` by the protocol `acme-tls/1`; nil takes it away.
    package func setChallenge(_ certificate: Certificate?, for name: String) {
        state.withLock { $0.challenges[name.lowercased()] = certificate }
    }

    package var isEmpty: Bool { state.withLock { $0.table.fallback.isEmpty } }

    /// Every certificate, with its owner.
    package var all: [(owner: String, certificate: Certificate)] {
        state.withLock { $0.owners.flatMap { owner in owner.certificates.map { (owner.name, $0) } } }
    }

    /// For a name in lower case; empty only while the store is.
    func find(_ name: String) -> [Certificate] {
        state.withLock { $0.table.named(name) ?? $0.table.fallback }
    }

    /// Somebody has a certificate for the name.
    func knows(_ name: String) -> Bool { state.withLock { $0.table.named(name) != nil } }

    func challenge(_ name: String) -> Certificate? { state.withLock { $0.challenges[name] } }

    private static func table(of owners: [(name: String, certificates: [Certificate])]) -> Table {
        var table = Table()
        for owner in owners {
            for certificate in owner.certificates {
                for name in certificate.names {
                    if name.hasPrefix("*.") {
                        table.wildcard[String(name.dropFirst(2)), default: []].append(certificate)
                    } else {
                        table.exact[name, default: []].append(certificate)
                    }
                }
            }
        }
        if let first = owners.first(where: { !$0.certificates.isEmpty })?.certificates.first {
            // With its twin of another algorithm, where there is one.
            table.fallback = first.names.first.flatMap { table.exact[$0] } ?? [first]
        }
        return table
    }
}
