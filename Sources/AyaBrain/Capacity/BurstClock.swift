/// Bursts that come at the same minutes of the hour: jobs that start by the clock, caches that run out together. Which
/// hours have one cannot be told, and a forecast, which is about what is likely, says little of them; but an operator
/// who has servers wants to have them at those minutes.
///
/// The hour is divided into its steps. Of each, the ratios to the level of their hour are kept, as far as history goes;
/// a step whose upper ratios stand out against those of the others is one of bursts.
package struct BurstClock: Sendable {
    /// Hours that must be known.
    private static let fewestHours = 24
    /// Older ones are of other jobs.
    private static let mostHours = 72
    /// A burst is so many times what is usual for steps of the hour.
    private static let height = 1.5
    /// Of the hours, those that must have had one at a step.
    private static let share = 0.1
    /// Steps of an hour that may be ones of bursts, as a share: more of them are the level itself.
    private static let most = 0.67

    /// Sorted ratios of each step of bursts and its neighbours, by the step's distance to the newest value.
    private let ratios: [Int: [Double]]
    private let hour: Int
    /// Of the newest hour, without its bursts.
    private let level: Double
    /// More never came.
    private let highest: Double
    /// The history as it would have been without them.
    package let calm: [Double]

    package var isActive: Bool { !ratios.isEmpty }

    /// The newest value, without a burst that runs; nil where there are none.
    package var demand: Double? { isActive ? calm.last { $0.isFinite } : nil }

    /// - Parameters:
    ///   - values: without gaps at their end; NaN is a gap.
    ///   - step: seconds between them.
    package init(_ values: [Double], step: Double) {
        let hour = step >= 1 ? Int((3_600 / step).rounded()) : 0
        let hours = hour > 0 ? min(Self.mostHours, values.count / hour) : 0
        self.hour = hour
        guard hour >= 6, hours >= Self.fewestHours, abs(Double(hour) * step - 3_600) < 1 else {
            (ratios, level, highest, calm) = ([:], 0, 0, values)
            return
        }
        let begin = values.count - hours * hour
        let levels = Self.levels(values[begin...], hour: hour)
        // Phase 0 is that of the first value after the end.
        var byPhase = [[Double]](repeating: [], count: hour)
        for (index, level) in levels.enumerated() where values[begin + index].isFinite && level > 0 {
            byPhase[index % hour].append(values[begin + index] / level)
        }
        let upper = byPhase.map { Self.quantile($0.sorted(), 1 - Self.share) }
        let usual = Self.quantile(upper.sorted(), 0.5)
        let limit = Self.height * usual
        let bursts = Set(upper.indices.filter { upper[$0] > limit })
        let around = Set(bursts.flatMap { [($0 + hour - 1) % hour, $0, ($0 + 1) % hour] })
        guard !bursts.isEmpty, Double(bursts.count) < Self.most * Double(hour) else {
            (ratios, level, highest, calm) = ([:], 0, 0, values)
            return
        }
        var found: [Int: [Double]] = [:]
        for phase in around {
            // A job starts a little sooner or later: the neighbours' bursts may be this step's.
            let near = [phase + hour - 1, phase, phase + 1].map { byPhase[$0 % hour] }
            found[phase] = (0..<(near.map(\.count).min() ?? 0))
                .map { index in max(near[0][index], near[1][index], near[2][index]) }.sorted()
        }
        ratios = found
        level = levels.last ?? 0
        highest = values.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
        var calm = values
        for (index, level) in levels.enumerated()
        where around.contains(index % hour) && values[begin + index] > limit * level {
            calm[begin + index] = level
        }
        self.calm = calm
    }

    /// What may come so many steps after the newest value, where that is a step of bursts.
    ///
    /// - Parameter share: of the outcomes that stay below, from 0 to 1.
    package func bound(_ ahead: Int, share: Double) -> Double? {
        guard isActive, ahead > 0, let known = ratios[(ahead - 1) % hour], !known.isEmpty else { return nil }
        return min(level * Self.quantile(known, share), highest)
    }

    /// Medians of hours, joined by lines.
    private static func levels(_ values: ArraySlice<Double>, hour: Int) -> [Double] {
        let start = values.startIndex
        let medians = (0..<values.count / hour).map { index -> Double in
            let from = start + index * hour
            return quantile(values[from..<from + hour].filter(\.isFinite).sorted(), 0.5)
        }
        return values.indices.map { index in
            let place = (Double(index - start) + 0.5) / Double(hour) - 0.5
            let before = min(max(0, Int(place.rounded(.down))), medians.count - 1)
            let after = min(before + 1, medians.count - 1)
            let share = min(max(0, place - Double(before)), 1)
            return medians[before] + share * (medians[after] - medians[before])
        }
    }

    /// Of sorted values; 0 of none.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
    }
}
