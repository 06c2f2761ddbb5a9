internal import AyaBrain
internal import AyaCore
internal import Glibc

/// Seeded series of a row every five minutes, for tests that know where the anomaly is.
struct SyntheticSeries {
    static let rowsPerDay = 288
    var values: [Double]

    /// Independent noise around a level.
    static func noise(rows: Int, level: Double = 50, deviation: Double = 2, seed: UInt64) -> Self {
        var random = RandomSource(seed: seed)
        return Self(values: (0..<rows).map { _ in level + deviation * gaussian(&random) })
    }

    /// High by day, low by night, with noise.
    static func days(_ count: Int, seed: UInt64) -> Self {
        var series = noise(rows: count * rowsPerDay, level: 20, seed: seed)
        for row in series.values.indices where (102..<222).contains(row % rowsPerDay) { series.values[row] += 60 }
        return series
    }

    /// Requests of a rare kind: counts that are mostly small.
    static func counts(rows: Int, mean: Double, seed: UInt64) -> Self {
        var random = RandomSource(seed: seed)
        return Self(
            values: (0..<rows).map { _ in
                var count = 0.0
                var product = Double.random(in: 0..<1, using: &random)
                while product > exp(-mean) {
                    count += 1
                    product *= Double.random(in: 0..<1, using: &random)
                }
                return count
            })
    }

    var samples: [Sample] {
        values.enumerated().map { Sample(time: 1_700_006_400 + 300 * Double($0.offset), value: $0.element) }
    }

    /// The rows at which a new detector raises an alarm.
    func alarms() -> [Int] {
        var detector = AnomalyDetector()
        return samples.enumerated().compactMap { detector.observe($0.element).isAlarm ? $0.offset : nil }
    }

    private static func gaussian(_ random: inout RandomSource) -> Double {
        (-2 * log(Double.random(in: 0.000_001..<1, using: &random))).squareRoot()
            * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
    }
}
