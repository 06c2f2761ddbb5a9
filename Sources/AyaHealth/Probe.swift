package import AyaCore
package import AyaReactor

/// One way of asking a server whether it is well.
///
/// A probe is straight-line code on the thread of the probes: it waits on the asker, gives up at the deadline, and
/// leaves nothing open. Kinds that need more than sockets (TLS, gRPC) join by conforming to this.
package protocol Probe {
    /// Asks once; returns when the server is well, and throws what speaks against it.
    func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure)
}

/// What speaks against a server, in words for an operator: lower case, no full stop.
package struct ProbeFailure: Error, Equatable, Sendable {
    package var reason: String
    /// Nobody takes connections, or datagrams, at the address that was asked.
    package var isRefusal = false

    package init(_ reason: String) { self.reason = reason }

    /// The deadline passed before an answer came, or before there was a connection. Whoever set it knows how long that
    /// was and says so.
    package static let late = ProbeFailure("no answer in time")
    package static let unconnected = ProbeFailure("no connection in time")

    /// As the system says it, but in the middle of a sentence.
    init(_ error: SystemError) {
        let text = error.description
        reason = text.prefix(1).lowercased() + text.dropFirst()
        isRefusal = error.isUnreachable
    }
}
