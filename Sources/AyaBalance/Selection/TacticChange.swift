package import AyaCore

extension Selection {
    /// A change of tactics and what it was decided by.
    package struct Change: Sendable {
        package var from: Tactic
        package var to: Tactic
        package var moment: Instant
        /// What 99 of 100 requests stayed below under each, in seconds.
        package var p99: (from: Double, to: Double)
        package var failureShare: (from: Double, to: Double)
        /// Requests under the new one that were looked at, older ones counting less.
        package var samples: Int

        package init(
            from: Tactic, to: Tactic, moment: Instant, p99: (from: Double, to: Double),
            failureShare: (from: Double, to: Double), samples: Int
        ) {
            self.from = from
            self.to = to
            self.moment = moment
            self.p99 = p99
            self.failureShare = failureShare
            self.samples = samples
        }
    }
}
