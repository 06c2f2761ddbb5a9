/// What happened between Aya and one server of a pool.
package struct ServerCounts: Counts {
    /// Responses of the server by status.
    package var requests = StatusCounts()
    /// Connections established, and attempts that failed.
    package var connects: UInt64 = 0
    package var connectFailures: UInt64 = 0
    /// Exchanges that found an open connection.
    package var reused: UInt64 = 0
    package var connectionsOpen = 0
    package var connectionsIdle = 0
    /// Exchanges, sessions or flows.
    package var inFlight = 0
    /// From the last byte of the request to the first of the response.
    package var firstByte = Histogram()
    /// From the beginning of a connection until it stood, handshake included.
    package var connectTime = Histogram()
    /// From and to the server.
    package var bytesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// Times its circuit breaker opened.
    package var breakerOpened: UInt64 = 0
    /// Attempts that did not end `ok`.
    package var reasons = ReasonCounts()

    package init() {}

    package mutating func add(_ other: ServerCounts) {
        requests.add(other.requests)
        connects &+= other.connects
        connectFailures &+= other.connectFailures
        reused &+= other.reused
        connectionsOpen &+= other.connectionsOpen
        connectionsIdle &+= other.connectionsIdle
        inFlight &+= other.inFlight
        firstByte.add(other.firstByte)
        connectTime.add(other.connectTime)
        bytesReceived &+= other.bytesReceived
        bytesSent &+= other.bytesSent
        breakerOpened &+= other.breakerOpened
        reasons.add(other.reasons)
    }
}
