/// Exponential smoothing of a level, a damped trend, up to two seasons and an error that carries over: the workhorse of
/// short horizons, one pass over the history for each set of parameters.
///
/// The double season is Taylor's (2003, "Short-term electricity demand forecasting using double seasonal exponential
/// smoothing"), the damped trend Gardner and McKenzie's (1985).
struct Smoothing: Sendable {
    /// What a value changes: of the level, the trend, the first and the second season; 0 keeps the initial one.
    var level: Double
    var trend = 0.0
    var first = 0.0
    var second = 0.0
    /// How much of the trend is left after a step.
    var damping = 0.9
    /// How much of a step's error recurs in the next.
    var carry = 0.0

    private static let memory = 1_000

    /// Forecasts from each origin, in order: the values before it are known, the horizon's steps from it on are not.
    ///
    /// Without seasons, values more than `memory` steps before the first origin are left out: levels forget.
    ///
    /// - Parameters:
    ///   - origins: ascending, at most `values.count`.
    ///   - results: `origins.count` rows of `horizon`.
    func forecast(
        _ values: UnsafeBufferPointer<Double>, seasons: Seasons, origins: [Int], horizon: Int,
        into results: UnsafeMutableBufferPointer<Double>
    ) {
        let begin = seasons == .none ? max(0, (origins.first ?? 0) - Self.memory) : 0
        let start = unsafe SmoothingStart(UnsafeBufferPointer(rebasing: values[begin...]), seasons)
        var firstSeason = start.first
        var secondSeason = start.second
        let firstLength = firstSeason.count
        let secondLength = secondSeason.count
        var level = start.level
        var trend = 0.0
        var error = 0.0
        var firstPhase = 0
        var secondPhase = 0
        var row = 0
        unsafe firstSeason.withUnsafeMutableBufferPointer { firstSeason in
            unsafe secondSeason.withUnsafeMutableBufferPointer { secondSeason in
                for index in begin...values.count {
                    while row < origins.count, origins[row] == index {
                        var expected = level
                        var slope = trend
                        var carried = error
                        var one = firstPhase
                        var two = secondPhase
                        for step in 0..<horizon {
                            slope *= damping
                            expected += slope
                            carried *= carry
                            unsafe results[row * horizon + step] =
                                expected + carried + firstSeason[one] + secondSeason[two]
                            one = one + 1 == firstLength ? 0 : one + 1
                            two = two + 1 == secondLength ? 0 : two + 1
                        }
                        row += 1
                    }
                    if index == values.count { break }
                    let damped = damping * trend
                    let predicted = unsafe level + damped + firstSeason[firstPhase] + secondSeason[secondPhase]
                    let whole = unsafe values[index] - predicted
                    let news = whole - carry * error
                    level += damped + self.level * news
                    trend = damped + self.trend * news
                    unsafe firstSeason[firstPhase] += first * news
                    unsafe secondSeason[secondPhase] += second * news
                    error = whole
                    firstPhase = firstPhase + 1 == firstLength ? 0 : firstPhase + 1
                    secondPhase = secondPhase + 1 == secondLength ? 0 : secondPhase + 1
                }
            }
        }
    }
}

/// The seasons that a history shows often enough to be learned, in steps: 1 is none.
struct Seasons: Equatable, Sendable {
    var first: Int
    var second: Int

    static let none = Seasons(first: 1, second: 1)
}

/// Where smoothing starts: means over the first seasons.
struct SmoothingStart {
    var level = 0.0
    var first: [Double]
    var second: [Double]

    init(_ values: UnsafeBufferPointer<Double>, _ seasons: Seasons) {
        first = Array(repeating: 0, count: seasons.first)
        second = Array(repeating: 0, count: seasons.second)
        let longest = max(seasons.first, seasons.second)
        let count = min(values.count, longest > 1 ? 2 * longest : 10)
        guard count > 0 else { return }
        level = unsafe values[0..<count].reduce(0, +) / Double(count)
        guard longest > 1 else { return }
        for slot in 0..<seasons.first {
            var sum = 0.0
            var seen = 0.0
            for index in stride(from: slot, to: count, by: seasons.first) {
                unsafe sum += values[index] - level
                seen += 1
            }
            if seen > 0 { first[slot] = sum / seen }
        }
        guard seasons.second > 1 else { return }
        for slot in 0..<seasons.second {
            var sum = 0.0
            var seen = 0.0
            for index in stride(from: slot, to: count, by: seasons.second) {
                unsafe sum += values[index] - level - first[index % seasons.first]
                seen += 1
            }
            // Half: a slot of the long season was seen twice only.
            if seen > 0 { second[slot] = sum / seen / 2 }
        }
    }
}
