/// What happened to the exchanges of a route.
package struct RouteCounts: Counts {
    /// Finished exchanges by the status the client got.
    package var requests = StatusCounts()
    package var inFlight = 0
    /// From the end of the request's head to the last byte of the response.
    package var duration = Histogram()
    package var exemplars = Exemplars()
    /// Exchanges that did not end `ok`.
    package var reasons = ReasonCounts()
    /// Copies that went to the mirror pool, requests that could not be copied, copies that were answered by another
    /// class of status than the client's, and how long copies took.
    package var mirrored: UInt64 = 0
    package var mirrorSkipped: UInt64 = 0
    package var mirrorDiffered: UInt64 = 0
    package var mirrorDuration = Histogram()

    package init() {}

    package mutating func add(_ other: RouteCounts) {
        requests.add(other.requests)
        inFlight &+= other.inFlight
        duration.add(other.duration)
        exemplars.add(other.exemplars)
        reasons.add(other.reasons)
        mirrored &+= other.mirrored
        mirrorSkipped &+= other.mirrorSkipped
        mirrorDiffered &+= other.mirrorDiffered
        mirrorDuration.add(other.mirrorDuration)
    }
}
