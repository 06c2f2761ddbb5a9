/// What happened to the exchanges of a route.
package struct RouteCounts: Counts {
    /// Finished exchanges by the status the client got.
    package var requests = StatusCounts()
    package var inFlight = 0
    /// From the end of the request's head to the last byte of the response.
    package var duration = Histogram()
    /// Exchanges that did not end `ok`.
    package var reasons = ReasonCounts()

    package init() {}

    package mutating func add(_ other: RouteCounts) {
        requests.add(other.requests)
        inFlight &+= other.inFlight
        duration.add(other.duration)
        reasons.add(other.reasons)
    }
}
