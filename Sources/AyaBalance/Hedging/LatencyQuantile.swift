package import AyaCore

/// A quantile of recent latencies, such as the one that 95 of 100 stay below.
///
/// A histogram on a logarithmic scale whose counts are halved every thousand samples, so that it follows a change
/// within a second or two of traffic. The answer is right within about six per cent, which is plenty for the question
/// when to stop waiting.
package struct LatencyQuantile: Sendable {
    /// Eight buckets an octave, from 65 µs to 64 s.
    private static let shift = 16
    private static let octaves = 20
    private static let steps = 8
    /// Fewer samples say nothing about a tail.
    private static let enough = 100

    private let fraction: Double
    private var counts = InlineArray<160, UInt32>(repeating: 0)
    private var total: UInt32 = 0
    private var sinceReading = 0
    /// Nil until enough has been seen.
    package private(set) var value: Interval?
    /// The median of the same latencies.
    package private(set) var median: Interval?

    /// - Parameter fraction: 0.95 for the 95th percentile.
    package init(_ fraction: Double) { self.fraction = min(max(fraction, 0), 1) }

    package mutating func record(_ latency: Interval) {
        counts[Self.bucket(latency)] &+= 1
        total &+= 1
        if total > 2048 { halve() }
        sinceReading &+= 1
        if sinceReading >= 32 {
            sinceReading = 0
            value = read(fraction)
            median = read(0.5)
        }
    }

    private mutating func halve() {
        total = 0
        for index in counts.indices {
            counts[index] >>= 1
            total &+= counts[index]
        }
    }

    private func read(_ fraction: Double) -> Interval? {
        guard total >= Self.enough else { return nil }
        var above = Double(total) * (1 - fraction)
        for index in counts.indices.reversed() {
            let count = Double(counts[index])
            if count > 0, count >= above {
                // As far down from the bucket's upper bound as its share goes.
                let low = Self.lowerBound(index), high = Self.lowerBound(index + 1)
                return Interval(nanoseconds: Int64(high - (high - low) * above / count))
            }
            above -= count
        }
        return nil
    }

    private static func bucket(_ latency: Interval) -> Int {
        let units = UInt64(max(latency.nanoseconds, 1 << shift)) >> UInt64(shift - 3)
        // At least 8 units, so that three bits follow the leading one.
        let octave = 63 - units.leadingZeroBitCount - 3
        let step = Int(units >> UInt64(octave) & 7)
        return min(octave * steps + step, octaves * steps - 1)
    }

    private static func lowerBound(_ bucket: Int) -> Double {
        let base = Double(UInt64(1) << UInt64(shift + bucket / steps))
        return base * (1 + Double(bucket % steps) / Double(steps))
    }
}
