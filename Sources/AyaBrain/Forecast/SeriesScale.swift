internal import Glibc

/// The scale on which experts see a series: logarithms make growth and daily swings additive, plain values keep rare
/// peaks in proportion. Both are moved and stretched to mean 0 and variance 1.
struct SeriesScale {
    enum Kind: String, Sendable {
        case logarithmic = "log"
        case plain
    }

    let kind: Kind
    /// The series on this scale.
    let values: [Double]
    /// Of its first so many values, one more than there are values.
    let sums: [Double]
    private let mean: Double
    private let deviation: Double
    private let lowest: Double
    private let highest: Double

    /// - Parameter history: of at least one value; for logarithms without negative ones.
    init(_ history: [Double], _ kind: Kind) {
        self.kind = kind
        let raw = kind == .logarithmic ? history.map { log1p($0) } : history
        let count = Double(max(1, raw.count))
        let mean = raw.reduce(0, +) / count
        let variance = raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let deviation = variance > 0 ? variance.squareRoot() : 1
        values = raw.map { ($0 - mean) / deviation }
        var sums = [0.0]
        sums.reserveCapacity(values.count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        self.sums = sums
        self.mean = mean
        self.deviation = deviation
        let smallest = values.min() ?? 0
        let largest = values.max() ?? 0
        // Nothing is foretold that lies far from all that was seen.
        let room = 0.3 * (largest - smallest)
        lowest = smallest - room
        highest = largest + room
    }

    /// Back to the units of the history.
    func restored(_ values: [Double]) -> [Double] {
        unsafe Array(unsafeUninitializedCapacity: values.count) { results, count in
            for index in stride(from: 0, to: values.count, by: 4) {
                let some = min(4, values.count - index)
                var four = SIMD4<Double>.zero
                for lane in 0..<some { four[lane] = values[index + lane] }
                let restored = restored(four)
                for lane in 0..<some { unsafe results.initializeElement(at: index + lane, to: restored[lane]) }
            }
            count = values.count
        }
    }

    @inline(__always) private func restored(_ four: SIMD4<Double>) -> SIMD4<Double> {
        let lowest = SIMD4(repeating: lowest)
        let highest = SIMD4(repeating: highest)
        // A comparison with NaN is false: what is no number becomes the lowest value.
        let bounded = lowest.replacing(with: four, where: four .> lowest)
        let raw = bounded.replacing(with: highest, where: bounded .> highest) * deviation + mean
        return kind == .logarithmic ? FastExponential.of(raw) - 1 : raw
    }
}
