/// A distribution of durations in fixed log-linear buckets: four to each doubling from 15.625 µs to 65.536 s.
///
/// A value is known to within a quarter of its octave (12 % at worst at the middle of a bucket), recording costs about
/// twenty instructions, and two histograms add up exactly. The octaves are anchored at 1 ms, so that bucket bounds are
/// round decimals (…, 1, 1.25, 1.5, 1.75, 2, 2.5 ms, …) and the exposition states exact counts at its bounds instead of
/// interpolated ones. Storage appears with the first value: ten thousand unused routes cost nothing.
package struct Histogram: Sendable {
    /// Two more than 22 octaves of four: one below and one above.
    package static let bucketCount = 90

    @usableFromInline var buckets: ContiguousArray<UInt64> = []
    /// Of all recorded values, in nanoseconds.
    @usableFromInline var total: UInt64 = 0

    package init() {}

    @inlinable package mutating func record(_ nanoseconds: Int64) {
        if buckets.isEmpty { appear() }
        buckets[Self.bucket(of: nanoseconds)] &+= 1
        total &+= UInt64(truncatingIfNeeded: max(0, nanoseconds))
    }

    /// The bucket of a duration. Upper bounds are inclusive, as Prometheus' `le` is.
    @inlinable package static func bucket(of nanoseconds: Int64) -> Int {
        // 2^20 steps to the millisecond: 10^6 × 16384 / 15625.
        let clamped = UInt64(truncatingIfNeeded: min(max(nanoseconds, 15_625) &- 1, 65_536_000_000))
        let steps = clamped &* 16_384 / 15_625
        let octave = 63 &- steps.leadingZeroBitCount
        let quarter = Int(truncatingIfNeeded: steps &>> UInt64(truncatingIfNeeded: octave &- 2)) & 3
        return (octave &- 14) &* 4 &+ quarter &+ 1
    }

    /// The inclusive upper bound of a bucket in nanoseconds; nil for the last, which has none.
    package static func upperBound(of bucket: Int) -> Int64? {
        guard bucket < bucketCount - 1 else { return nil }
        let octave = Int64(bucket / 4)
        // (4 + quarter) / 4 × 2^octave × 15,625 ns, rounded up where it is no whole number (below 125 µs).
        return ((Int64(4 + bucket % 4) << octave) * 15_625 + 3) / 4
    }

    @inline(never) @usableFromInline mutating func appear() {
        buckets = ContiguousArray(repeating: 0, count: Self.bucketCount)
    }

    package var count: UInt64 { buckets.reduce(0, &+) }
    /// The sum of all recorded values.
    package var sum: Duration { .nanoseconds(Int64(clamping: total)) }
    package var isEmpty: Bool { buckets.isEmpty }

    /// How many values are at most `nanoseconds`, which must be a bucket's bound to be exact.
    package func count(upTo nanoseconds: Int64) -> UInt64 {
        buckets.isEmpty ? 0 : buckets[...Self.bucket(of: nanoseconds)].reduce(0, &+)
    }

    package mutating func add(_ other: Histogram) {
        guard !other.buckets.isEmpty else { return }
        if buckets.isEmpty {
            self = other
            return
        }
        for index in buckets.indices { buckets[index] &+= other.buckets[index] }
        total &+= other.total
    }

    /// The value below which a share of the recorded ones lies, interpolated within its bucket; nil when empty.
    package func quantile(_ share: Double) -> Duration? {
        let count = count
        guard count > 0 else { return nil }
        let rank = min(max(share, 0), 1) * Double(count)
        var below: UInt64 = 0
        for (index, bucket) in buckets.enumerated() where bucket > 0 {
            if Double(below + bucket) >= rank {
                let lower = index == 0 ? 0 : Self.upperBound(of: index - 1) ?? 0
                guard let upper = Self.upperBound(of: index) else { return .nanoseconds(lower) }
                let part = (rank - Double(below)) / Double(bucket)
                return .nanoseconds(lower + Int64(part * Double(upper - lower)))
            }
            below += bucket
        }
        return nil
    }
}
