/// Histories have holes: restarts, lost samples, an hour that daylight saving took. Models want none.
enum GapFilling {
    /// Values beyond this are taken for errors of measurement, since their squares would overflow.
    static let largest = 1e100

    static func isGap(_ value: Double) -> Bool { !(abs(value) < largest) }

    /// Without the gaps before the first value. A gap takes what was measured a season earlier, the longest that there is,
    /// moved so that it joins both ends; without such, a straight line; in any case nothing beyond what was measured. A
    /// gap at the end is filled likewise from its near side.
    static func filled(_ history: some Collection<Double>, seasons: [Int]) -> [Double] {
        var values = Array(history.drop(while: isGap))
        let known = values.filter { !isGap($0) }
        guard let least = known.min(), let most = known.max() else { return [] }
        var index = 0
        while index < values.count {
            guard isGap(values[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < values.count, isGap(values[index]) { index += 1 }
            let before = values[start - 1]
            let after = index < values.count ? values[index] : nil
            fill(&values, start..<index, before, after, seasons.last { $0 < start }, least...most)
        }
        return values
    }

    private static func fill(
        _ values: inout [Double], _ gap: Range<Int>, _ before: Double, _ after: Double?, _ season: Int?,
        _ range: ClosedRange<Double>
    ) {
        // The last season before the gap, over and over when the gap is longer.
        func shape(_ time: Int) -> Double {
            season.map { values[time - $0 * ((time - gap.lowerBound) / $0 + 1)] } ?? 0
        }
        let near = before - shape(gap.lowerBound - 1)
        let far = after.map { $0 - shape(gap.upperBound) } ?? near
        let length = Double(gap.count + 1)
        for time in gap {
            let part = Double(time - gap.lowerBound + 1) / length
            let value = shape(time) + near + (far - near) * part
            values[time] = min(max(value, range.lowerBound), range.upperBound)
        }
    }
}
