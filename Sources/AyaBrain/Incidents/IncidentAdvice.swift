/// What could be done about an incident, and why: data for whoever may act.
package struct IncidentAdvice: Equatable, Sendable {
    package enum Action: Hashable, Sendable {
        case alert
        case ejectServer(String)
        case quarantineClient(String)
        /// Gives the traffic of a canary pool back to the others.
        case rollBack(pool: String)
        case tightenLimits
    }

    package var action: Action
    /// From 0 to 1: how much of the change the target accounts for, and how unusual it is.
    package var confidence: Double
    package var reason: String
    /// Seconds for which it holds.
    package var expiry: Double
}
