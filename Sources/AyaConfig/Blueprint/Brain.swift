extension Blueprint {
    /// How the brain as a whole works.
    package struct Learning: Hashable, Sendable {
        /// Between two looks at the series of pools and routes, in whole seconds; servers are looked at six times as
        /// often.
        package var interval = Duration.seconds(60)
        package init() {}
    }

    /// What the brain may do about a pool. It always may be asked; what it does of its own is said here.
    package struct Brain: Hashable, Sendable {
        /// Forecasts, and alerts that come of them.
        package var forecast = true
        /// Nil: nothing unusual is looked for; empty: it is told of.
        package var anomalies: Set<Response>? = []
        package var precursors = Precaution.alert
        /// A program that may repair a server that is about to fail; empty: none.
        package var recovery: [String] = []
        /// Nil: the number of servers is nobody's concern.
        package var capacity: Capacity?
        /// Nil: nothing is tuned.
        package var tune: Tune?

        package init() {}

        /// What may be done about something unusual, besides telling of it.
        package enum Response: String, Hashable, Sendable, CaseIterable {
            /// The server ejected that it comes from.
            case eject
            /// A limit set to what runs at once, when a rush is more than the servers answer well.
            case tighten
            /// The pool taken out of the routes that it shares with others.
            case rollBack = "roll_back"
            /// The client that a rush comes from held to less.
            case quarantine
        }
        /// To the signs that come before a failure.
        package enum Precaution: String, Hashable, Sendable, CaseIterable { case off, alert, drain }
    }

    /// From where to where values of a pool may be tuned; nil: they stay as they are.
    package struct Tune: Hashable, Sendable {
        package var weights: ClosedRange<Int>?
        package var concurrency: ClosedRange<Int>?
        package var responseTimeout: ClosedRange<Duration>?
        package var outlierLatency: ClosedRange<Double>?
        package var retryBudget: ClosedRange<Double>?
        package var hedgeAfter: ClosedRange<Duration>?

        package init() {}
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
