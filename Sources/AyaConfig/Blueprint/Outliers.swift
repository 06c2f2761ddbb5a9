extension Blueprint {
    /// Passive health: servers whose traffic fails, or is far slower than the pool's, are ejected for a while.
    package struct Outliers: Hashable, Sendable {
        package var consecutiveFailures = 5
        /// By how much its share of failures in an interval exceeds the median of the others; nil: not looked at.
        package var errorRate: Double? = 0.2
        /// Times the others' median latency; nil: not looked at.
        package var latency: Double?
        /// Of an interval, before error rate and latency mean anything.
        package var minRequests = 20
        package var interval = Duration.seconds(10)
        /// Times the number of ejections in a row.
        package var ejectFor = Duration.seconds(30)
        package var maxEjectFor = Duration.seconds(300)
        /// Largest share of a pool's servers ejected at once.
        package var maxEjected = 0.5
        package init() {}
    }
}
