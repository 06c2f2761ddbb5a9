internal import AyaCore
internal import AyaHTTP

/// Who may use the admin API, and for what.
///
/// A unix socket is guarded by the permissions of its file, a loopback address by who is on the machine. Whoever comes
/// over the network shows a certificate that the listener asked for, or a token of which the configuration has the hash.
package struct AdminAccess: Sendable {
    /// What somebody may do; each includes those before it.
    package enum Scope: Int, Sendable, Comparable, CaseIterable {
        /// Look at everything.
        case read
        /// Change what runs: weights, drains, routes, reloads, rollbacks.
        case operate
        /// Put another program in the place of this one.
        case admin

        package var name: String { "\(self)" }
        package static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
    }

    package struct Token: Sendable, Equatable {
        package var name: String
        /// SHA-256 of the token.
        package var digest: [UInt8]
        package var scope: Scope

        package init(name: String, digest: [UInt8], scope: Scope) {
            self.name = name
            self.digest = digest
            self.scope = scope
        }
    }

    package var tokens: [Token] = []
    /// Names by which the API may be reached besides addresses, in lower case.
    package var hosts: [String] = []
    /// Whoever reaches it may do everything.
    package var isOpen = false

    private let hash: @Sendable ([UInt8]) -> [UInt8]

    /// - Parameter hash: SHA-256.
    package init(hash: @escaping @Sendable ([UInt8]) -> [UInt8]) { self.hash = hash }

    /// Where nothing can be changed, everybody may look.
    static var unguarded: AdminAccess {
        var access = AdminAccess { $0 }
        access.isOpen = true
        return access
    }

    /// Who asks, and what they may do.
    struct Visitor {
        var identity: String
        var scope: Scope
        /// Shown what no page in a browser could show by itself.
        var hasToken = false
    }

    /// Nil for somebody who has to show more; `AdminEndpoint` tells what a request needs.
    func visitor(_ request: ServiceRequest) -> Visitor? {
        if let token = bearer(request) {
            return matching(token).map { Visitor(identity: "token \($0.name)", scope: $0.scope, hasToken: true) }
        }
        guard let client = request.client else { return Visitor(identity: "unix socket", scope: .admin) }
        if let subject = request.certificate { return Visitor(identity: "certificate \(subject)", scope: .admin) }
        if isOpen { return Visitor(identity: "open", scope: .admin) }
        guard tokens.isEmpty, client.ip.isLoopback else { return nil }
        return Visitor(identity: "loopback", scope: .admin)
    }

    /// RFC 6750 section 2.1.
    private func bearer(_ request: ServiceRequest) -> [UInt8]? {
        guard let field = request.header("authorization") else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Array(parts[1].utf8)
    }

    /// All are looked at, and each whole, so that the time tells nothing.
    private func matching(_ token: [UInt8]) -> Token? {
        let digest = hash(token)
        var found: Token?
        for known in tokens where known.digest.count == digest.count {
            var difference: UInt8 = 0
            for (one, other) in zip(known.digest, digest) { difference |= one ^ other }
            if difference == 0 { found = known }
        }
        return found
    }
}
