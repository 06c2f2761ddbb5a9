/// Samples as they were stored, laid out at equal distances: what models need, whatever clocks and restarts did.
package struct History: Sendable {
    /// Oldest first; NaN where nothing was measured.
    package private(set) var values: [Double]
    /// Seconds from one value to the next.
    package let step: Double
    /// When the last value was measured, in seconds since 1970.
    package let end: Double

    /// A jump of more steps is a clock that was set, not a gap: what comes after it follows at once.
    package static let longestGap = 1_500

    /// - Parameters:
    ///   - samples: in any order. Of two for the same step the one given later counts.
    ///   - step: seconds between values; without it, the usual distance of the samples.
    ///   - limit: how many of the newest steps to keep.
    package init(_ samples: [Sample], step: Double? = nil, limit: Int = Forecaster.mostValues) {
        let times = samples.filter { $0.time.isFinite }
        let isSorted = zip(times, times.dropFirst()).allSatisfy { $0.time <= $1.time }
        let ordered = isSorted ? times : Self.stablySorted(times)
        let distance = step.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? Self.usualDistance(ordered)
        self.step = distance
        end = ordered.last?.time ?? 0
        var newestFirst: [Double] = []
        var previous: Double?
        for sample in ordered.reversed() {
            let steps = previous.map { (($0 - sample.time) / distance).rounded() } ?? 1
            // The later of two in one step is already there, and the slot keeps its place.
            if steps < 1, !newestFirst.isEmpty {
                if newestFirst[newestFirst.count - 1].isNaN { newestFirst[newestFirst.count - 1] = sample.value }
                continue
            }
            let missing = steps > Double(Self.longestGap) ? 0 : Int(steps) - 1
            if newestFirst.count + missing >= limit { break }
            if !newestFirst.isEmpty {
                newestFirst.append(contentsOf: repeatElement(.nan, count: missing))
            }
            newestFirst.append(sample.value)
            // Counting in whole steps keeps samples that come a little late from adding up to a gap.
            previous =
                steps > Double(Self.longestGap) ? sample.time : previous.map { $0 - steps * distance } ?? sample.time
        }
        values = newestFirst.reversed()
    }

    private static func stablySorted(_ samples: [Sample]) -> [Sample] {
        samples.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map { $0.element }
    }

    private static func usualDistance(_ samples: [Sample]) -> Double {
        let distances = zip(samples, samples.dropFirst()).map { $1.time - $0.time }.filter { $0 > 0 }.sorted()
        return distances.isEmpty ? 60 : distances[distances.count / 2]
    }
}
