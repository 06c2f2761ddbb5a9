extension Blueprint {
    /// What the brain may do about a pool. It always may be asked; what it does of its own is said here.
    package struct Brain: Hashable, Sendable {
        /// Forecasts, and alerts that come of them.
        package var forecast = true
        package var anomalies = Response.alert
        package var precursors = Precaution.alert
        /// A program that may repair a server that is about to fail; empty: none.
        package var recovery: [String] = []
        /// Nil: the number of servers is nobody's concern.
        package var capacity: Capacity?

        package init() {}

        /// To something unusual.
        package enum Response: String, Hashable, Sendable, CaseIterable { case off, alert, eject }
        /// To the signs that come before a failure.
        package enum Precaution: String, Hashable, Sendable, CaseIterable { case off, alert, drain }
    }

    /// Something that lifts load and is known beforehand.
    package struct Event: Hashable, Sendable {
        package var name: String
        /// Seconds since 1970.
        package var start: Int64
        package var length = Duration.seconds(3_600)
        /// What the operator expects; nil: nothing in particular.
        package var lift: Double?

        package init(name: String, start: Int64) {
            self.name = name
            self.start = start
        }
    }
}
