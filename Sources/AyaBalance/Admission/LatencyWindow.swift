internal import AyaCore

/// Latencies of one window, in buckets a tenth apart, for their median.
///
/// A median needs no precision, but must not cost a sort or a list: one increment for each piece of work.
struct LatencyWindow: Sendable {
    /// From 10 µs to about 4 minutes.
    private var buckets = InlineArray<192, UInt32>(repeating: 0)
    private(set) var count = 0

    /// Buckets in an octave.
    private static let resolution = 8.0
    private static let smallest = 10_000.0

    mutating func add(_ latency: Interval) {
        let bucket = Self.position(latency)
        buckets[bucket] &+= 1
        count &+= 1
    }

    mutating func clear() {
        buckets = InlineArray<192, UInt32>(repeating: 0)
        count = 0
    }

    /// In nanoseconds, interpolated within its bucket; nil without latencies.
    var median: Double? {
        guard count > 0 else { return nil }
        let half = Double(count) / 2
        var below = 0.0
        for bucket in 0..<192 where buckets[bucket] > 0 {
            let here = Double(buckets[bucket])
            if below + here >= half { return Self.edge(Double(bucket) + (half - below) / here) }
            below += here
        }
        return nil
    }

    /// Eighths of an octave: the leading bits of the latency, so without a logarithm.
    private static func position(_ latency: Interval) -> Int {
        let scaled = UInt64(max(1, latency.nanoseconds / 1_250))
        if scaled < 8 { return 0 }
        let octave = 63 &- scaled.leadingZeroBitCount &- 3
        let eighth = Int(scaled >> UInt64(octave) & 7)
        return min(191, octave &* 8 &+ eighth)
    }

    private static func edge(_ position: Double) -> Double {
        let octave = (position / resolution).rounded(.down)
        let eighth = position - octave * resolution
        return smallest * (1 + eighth / 8) * Double(sign: .plus, exponent: Int(octave), significand: 1)
    }
}
