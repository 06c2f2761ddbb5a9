package import AyaTelemetry

/// How a relay ended and what it carried.
package struct RelayOutcome: Sendable {
    /// Bytes that reached the server's and the client's socket.
    package var toServer: UInt64
    package var toClient: UInt64
    /// `ok` when both directions were ended by their senders, `idleTimeout`, `clientGone`, `upstreamReset`, or what
    /// `close` was given.
    package var reason: Reason
}
