/// Advice to give a server no new work before its clients notice.
package struct DrainAdvice: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// It answers so many times as slowly as by habit, while its neighbours do not.
        case slowing(Double)
        /// This share of its attempts fails, more than it used to be and more than elsewhere.
        case failing(Double)
    }

    package var server: String
    package var reason: Reason
    /// How often such advice proved right in this pool, with a prior of one in two.
    package var confidence: Double
    /// Intervals after which it is stale.
    package var expiry: Int
}
