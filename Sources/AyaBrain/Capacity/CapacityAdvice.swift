/// How many servers a pool should have, and why.
package struct CapacityAdvice: Sendable, Equatable {
    package var servers: Int
    /// What there are.
    package var present: Int
    /// From 0 to 1.
    package var confidence: Double
    package var reason: String
    /// Seconds for which it holds.
    package var expiry: Double
    /// Requests a second that may come, in how many seconds.
    package var demand: Double
    package var seconds: Double
    /// Requests a second that one server carries.
    package var perServer: Double

    package init(
        servers: Int, present: Int, confidence: Double, reason: String, expiry: Double, demand: Double,
        seconds: Double, perServer: Double
    ) {
        self.servers = servers
        self.present = present
        self.confidence = confidence
        self.reason = reason
        self.expiry = expiry
        self.demand = demand
        self.seconds = seconds
        self.perServer = perServer
    }

    /// What is to be asked for where so many are asked for already; nil when nothing is left to do.
    ///
    /// More are wanted as a number, so that asking again adds nothing. Fewer are wanted as a difference: where more were
    /// asked for than work here, those that are on their way, or broken, are not given up with the others.
    package func target(standing: Int, least: Int?, most: Int?) -> Int? {
        let wanted = servers > present ? servers : standing - (present - servers)
        let bounded = min(max(wanted, least ?? 0, servers < present ? servers : 0), most ?? .max)
        if servers > present { return bounded > standing ? bounded : nil }
        return bounded < standing ? bounded : nil
    }
}
