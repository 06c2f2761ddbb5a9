/// A point on the machine's monotonic clock, in nanoseconds.
///
/// `ContinuousClock.Instant` is a 16-byte pair with 128-bit arithmetic; deadlines are compared several times an
/// exchange, so the data plane uses one integer. Time is always an argument: nothing below the reactor reads a clock.
public struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds; of an instant since the clock's own beginning.
    public var nanoseconds: Int64

    /// From nanoseconds.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than any deadline: a wait without one.
    @inlinable public static var distantFuture: Instant { Instant(nanoseconds: .max) }

    /// Whether the first comes earlier.
    @inlinable public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Saturates, so that a huge configured timeout means "never" instead of a trap.
    @inlinable public static func + (instant: Instant, interval: Interval) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(interval.nanoseconds)
        return overflow ? .distantFuture : Instant(nanoseconds: sum)
    }

    /// What lies between; negative when the first is earlier.
    @inlinable public static func - (later: Instant, earlier: Instant) -> Interval {
        Interval(nanoseconds: later.nanoseconds &- earlier.nanoseconds)
    }
}

/// A length of time in nanoseconds: the data plane's one-word form of `Duration`.
public struct Interval: Comparable, Hashable, Sendable {
    /// Nanoseconds; of an instant since the clock's own beginning.
    public var nanoseconds: Int64

    /// From nanoseconds.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// So many milliseconds.
    @inlinable public static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count &* 1_000_000) }
    /// So many seconds.
    @inlinable public static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: count &* 1_000_000_000) }
    /// No time at all.
    @inlinable public static var zero: Interval { Interval(nanoseconds: 0) }

    /// Saturates at about 292 years.
    public init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow {
            self.nanoseconds = seconds < 0 ? .min : .max
        } else {
            let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
            self.nanoseconds = overflow ? .max : sum
        }
    }

    /// Whether the first is shorter.
    @inlinable public static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The same length as fractional seconds, for logs and metrics.
    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }
}
