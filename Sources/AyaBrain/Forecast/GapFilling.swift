/// Histories have holes: restarts, lost samples, an hour that daylight saving took. Models want none.
enum GapFilling {
    /// Values beyond this are taken for errors of measurement, since their squares would overflow.
    static let largest = 1e100

    /// Without the gaps before the first value. A gap takes what was measured a season earlier, the longest that there is,
    /// moved so that it joins both ends; without such, a straight line. A gap at the end is filled likewise from its near side.
    static func filled(_ history: some Collection<Double>, seasons: [Int]) -> [Double] {
        func isGap(_ value: Double) -> Bool { !(abs(value) < largest) }
        var values = Array(history.drop(while: isGap))
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
            fill(&values, start..<index, before, after, seasons.last { $0 < start })
        }
        return values
    }

    private static func fill(
        _ values: inout [Double], _ gap: Range<Int>, _ before: Double, _ after: Double?, _ season: Int?
    ) {
        func shape(_ time: Int) -> Double { season.map { values[time - $0] } ?? 0 }
        let near = before - shape(gap.lowerBound - 1)
        let far = after.map { $0 - shape(gap.upperBound) } ?? near
        let length = Double(gap.count + 1)
        for time in gap {
            let part = Double(time - gap.lowerBound + 1) / length
            values[time] = shape(time) + near + (far - near) * part
            if before >= 0, (after ?? 0) >= 0 { values[time] = max(0, values[time]) }
        }
    }
}
