/// When a quantity that grows will reach a limit, if it goes on as it did: connections and their maximum, a disk, a
/// queue, the age of a certificate.
///
/// The slope is the median of the slopes between all pairs of some rows (Theil 1950, Sen 1968), which a burst does not
/// move; its quartiles say how soon and how late it may be, and how many of the slopes point to the limit how sure.
package struct TimeToLimit: Equatable, Sendable {
    /// Seconds from the last sample: half of the slopes lie between `earliest` and `latest`. Infinite is never.
    package var earliest: Double
    package var likely: Double
    package var latest: Double
    /// Share of the slopes that lead to the limit: half is no trend at all.
    package var confidence: Double

    /// More rows than this are thinned: the work grows with their square.
    private static let rows = 48

    /// Nil when there are fewer than eight usable samples, or no time passes between them.
    ///
    /// - Parameter samples: oldest first; gaps are passed over.
    package init?(_ samples: [Sample], limit: Double) {
        let usable = samples.filter { $0.value.isFinite && $0.time.isFinite }
        guard usable.count >= 8, limit.isFinite else { return nil }
        let count = min(usable.count, Self.rows)
        let thinned = (0..<count).map { usable[$0 * (usable.count - 1) / (count - 1)] }
        var slopes: [Double] = []
        for (index, later) in thinned.enumerated() {
            for earlier in thinned[..<index] where later.time > earlier.time {
                let slope = (later.value - earlier.value) / (later.time - earlier.time)
                if slope.isFinite { slopes.append(slope) }
            }
        }
        guard !slopes.isEmpty else { return nil }
        slopes.sort()
        let level = Self.median(of: usable.suffix(5).map(\.value))
        let gap = limit - level
        let towards = slopes.count { gap >= 0 ? $0 > 0 : $0 < 0 }
        confidence = gap == 0 ? 1 : Double(towards) / Double(slopes.count)
        let times = [0.25, 0.5, 0.75].map { share in
            Self.seconds(over: gap, at: slopes[Int(share * Double(slopes.count - 1))])
        }
        likely = times[1]
        earliest = times.min() ?? times[1]
        latest = times.max() ?? times[1]
    }

    private static func seconds(over gap: Double, at slope: Double) -> Double {
        guard gap != 0 else { return 0 }
        let seconds = gap / slope
        return seconds >= 0 ? seconds : .infinity
    }

    private static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted[sorted.count / 2]
    }
}
