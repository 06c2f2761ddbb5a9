/// What happened at an address that clients connect to.
package struct ListenerCounts: Counts {
    package var connectionsAccepted: UInt64 = 0
    package var connectionsOpen = 0
    /// Closed at once because a limit was reached.
    package var connectionsRefused: UInt64 = 0
    /// Times the listener stopped accepting because the process ran out of descriptors.
    package var acceptPauses: UInt64 = 0
    /// TLS handshakes that came to their end, and those of them that went on from an earlier session.
    package var handshakes: UInt64 = 0
    package var handshakesResumed: UInt64 = 0
    /// HTTP requests whose head was complete.
    package var requests: UInt64 = 0
    /// Finished exchanges by the status the client got, and from the end of the head to the last byte.
    package var responses = StatusCounts()
    package var duration = Histogram()
    package var exemplars = Exemplars()
    /// From and to clients, heads included.
    package var bytesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var datagramsReceived: UInt64 = 0
    package var datagramsSent: UInt64 = 0
    package var datagramsDropped: UInt64 = 0
    package var flowsOpen = 0
    /// Ended TCP sessions and UDP flows.
    package var sessions = ReasonCounts()

    package init() {}

    package mutating func add(_ other: ListenerCounts) {
        connectionsAccepted &+= other.connectionsAccepted
        connectionsOpen &+= other.connectionsOpen
        connectionsRefused &+= other.connectionsRefused
        acceptPauses &+= other.acceptPauses
        handshakes &+= other.handshakes
        handshakesResumed &+= other.handshakesResumed
        requests &+= other.requests
        responses.add(other.responses)
        duration.add(other.duration)
        exemplars.add(other.exemplars)
        bytesReceived &+= other.bytesReceived
        bytesSent &+= other.bytesSent
        datagramsReceived &+= other.datagramsReceived
        datagramsSent &+= other.datagramsSent
        datagramsDropped &+= other.datagramsDropped
        flowsOpen &+= other.flowsOpen
        sessions.add(other.sessions)
    }
}
