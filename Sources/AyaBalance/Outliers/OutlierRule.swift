package import AyaCore

/// When real traffic says that a server does worse than its pool, and for how long it is then left out.
package struct OutlierRule: Sendable, Equatable {
    /// Failures in a row that eject at once; nil: off.
    package var consecutiveFailures: Int?
    /// Share of failures by which a server may exceed the median of the others; nil: off.
    package var errorRate: Double?
    /// Multiple of the others' median latency; nil: off.
    package var latency: Double?
    /// Of an interval, below which rate and latency say nothing.
    package var minRequests: Int
    /// Over which rate and latency are taken.
    package var interval: Interval
    /// The first time; longer with each further one.
    package var ejectFor: Interval
    package var maxEjectFor: Interval
    /// Share of the pool's servers that may be ejected at once.
    package var maxEjected: Double

    package init(
        consecutiveFailures: Int? = 5, errorRate: Double? = 0.2, latency: Double? = nil, minRequests: Int = 20,
        interval: Interval = .seconds(10), ejectFor: Interval = .seconds(30), maxEjectFor: Interval = .seconds(300),
        maxEjected: Double = 0.5
    ) {
        self.consecutiveFailures = consecutiveFailures
        self.errorRate = errorRate
        self.latency = latency
        self.minRequests = max(1, minRequests)
        self.interval = max(interval, .milliseconds(100))
        self.ejectFor = ejectFor
        self.maxEjectFor = max(maxEjectFor, ejectFor)
        self.maxEjected = min(max(maxEjected, 0), 1)
    }

    /// How many of `count` servers may be ejected: one in any pool that has another, as a share of three servers is
    /// easily none.
    package func mostEjected(of count: Int) -> Int {
        guard count > 1, maxEjected > 0 else { return 0 }
        return min(max(1, Int(Double(count) * maxEjected)), count - 1)
    }

    /// The time of the `number`th ejection in a row.
    func ejectionTime(_ number: Int) -> Interval {
        let (time, overflow) = ejectFor.nanoseconds.multipliedReportingOverflow(by: Int64(max(1, number)))
        return overflow ? maxEjectFor : min(Interval(nanoseconds: time), maxEjectFor)
    }
}
