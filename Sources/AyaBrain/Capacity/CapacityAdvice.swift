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
}
