/// What was measured one season ago will be measured again: the yardstick of every other forecast.
enum SeasonalNaive {
    /// - Parameters:
    ///   - values: oldest first, without gaps.
    ///   - season: steps after which the pattern recurs; 1 repeats the last value.
    ///   - horizon: how many steps to look ahead.
    static func forecast(_ values: [Double], season: Int, horizon: Int) -> [Double] {
        guard !values.isEmpty else { return Array(repeating: 0, count: max(0, horizon)) }
        let season = min(max(1, season), values.count)
        return (0..<max(0, horizon)).map { values[values.count - season + $0 % season] }
    }
}
