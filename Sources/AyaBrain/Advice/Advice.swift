/// What the brain advises, for people and for whoever may act: always with its reason.
package struct Advice: Sendable, Equatable, Identifiable {
    package enum Kind: String, Sendable, CaseIterable {
        /// How many servers a pool should have.
        case capacity
        /// A server that shows the signs of a failure.
        case precursor
        /// Something unusual.
        case anomaly
        /// Another way to balance.
        case balance
        /// A limit that will be reached.
        case limit
        /// Another value of a pool.
        case tuning
    }

    package let id: Int
    /// Seconds since 1970.
    package var time: Double
    package var kind: Kind
    /// As series name it: `pools/web`, `servers/web/10.0.0.1:80`.
    package var subject: String
    /// In the imperative: `scale to 7 servers`.
    package var action: String
    /// What the action is about, where that is a number.
    package var value: Double?
    /// From 0 to 1.
    package var confidence: Double
    package var reason: String
    /// Seconds for which it holds.
    package var expiry: Double
    /// What became of it; nil while nobody knows.
    package var outcome: String?
}
