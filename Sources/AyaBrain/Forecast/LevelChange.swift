internal import Glibc

/// The newest lasting change of a series' level: a customer won, a feature off, a region moved. Models adapt by
/// themselves; people want to be told.
package struct LevelChange: Equatable, Sendable {
    /// How many steps ago it happened, to within a block of a season.
    package var stepsAgo: Int
    /// The level after it as a multiple of that before.
    package var ratio: Double

    private static let fewestAfter = 2
    private static let fewestBefore = 4
    private static let mostBlocks = 60

    /// Means over whole seasons are compared before and after every one of them; of splits that differ by much more than
    /// their scatter, and by a fifth at least, the clearest counts.
    ///
    /// - Parameters:
    ///   - values: without gaps; a series with negative values has no ratio, and no answer.
    ///   - seasons: shortest first.
    package static func newest(in values: [Double], seasons: [Int]) -> LevelChange? {
        let fewest = fewestBefore + fewestAfter
        let block = seasons.last { $0 * fewest <= values.count } ?? max(1, values.count / 30)
        let blocks = min(mostBlocks, values.count / block)
        guard blocks >= fewest, values.allSatisfy({ $0 >= 0 }) else { return nil }
        let start = values.count - blocks * block
        let means = (0..<blocks).map { index in
            let from = start + index * block
            return log1p(values[from..<from + block].reduce(0, +) / Double(block))
        }
        var best: (score: Double, split: Int, difference: Double)?
        for split in fewestBefore...blocks - fewestAfter {
            let (before, scatterBefore) = Self.summary(means[..<split])
            let (after, scatterAfter) = Self.summary(means[split...])
            let freedom = Double(blocks - 2)
            let variance = (scatterBefore + scatterAfter) / freedom + 1e-6
            let size = 1 / Double(split) + 1 / Double(blocks - split)
            let score = abs(after - before) / (variance * size).squareRoot()
            if score > best?.score ?? 0 { best = (score, split, after - before) }
        }
        guard let best, best.score > 8, abs(best.difference) > log(1.2) else { return nil }
        return LevelChange(stepsAgo: (blocks - best.split) * block, ratio: exp(best.difference))
    }

    /// The mean, and the sum of squared distances from it.
    private static func summary(_ values: ArraySlice<Double>) -> (mean: Double, scatter: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
    }
}
