/// Since when: an alarm comes some rows after a change began.
package enum Onset {
    /// The row at which the values are best cut into one level before and another after it, by least squares; nil when
    /// a cut explains less than half of what varies.
    ///
    /// - Parameter values: around an alarm, oldest first; gaps (NaN) are passed over.
    package static func row(in values: [Double]) -> Int? {
        let rows = values.indices.filter { values[$0].isFinite }
        guard rows.count >= 4 else { return nil }
        // Around the first value, so that large levels cost no precision.
        let origin = values[rows[0]]
        let total = rows.reduce(0) { $0 + values[$1] - origin }
        let mean = total / Double(rows.count)
        let variation = rows.reduce(0) { $0 + (values[$1] - origin - mean) * (values[$1] - origin - mean) }
        guard variation > 0, variation.isFinite else { return nil }
        var best: (explained: Double, row: Int)?
        var sum = 0.0
        for count in 1..<rows.count {
            sum += values[rows[count - 1]] - origin
            let difference = sum / Double(count) - (total - sum) / Double(rows.count - count)
            let weight = Double(count) * Double(rows.count - count) / Double(rows.count)
            let explained = weight * difference * difference
            if explained > best?.explained ?? 0 { best = (explained, rows[count]) }
        }
        return best.flatMap { $0.explained >= variation / 2 ? $0.row : nil }
    }
}
