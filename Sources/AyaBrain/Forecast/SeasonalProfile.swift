/// The mean of the same slot in the last seasons, moved to where the newest values lie relative to it: what an operator
/// does by eye ("like last week, but a tenth more").
struct SeasonalProfile: Sendable {
    /// Steps after which the pattern recurs.
    var season: Int
    /// How many seasons are averaged.
    var seasons: Int
    /// Over how many of the newest values the distance to the profile is taken; 0 leaves it out.
    var window: Int
    /// How much of that distance is believed to last.
    var persistence: Double

    /// Values that must precede the first origin.
    var needed: Int { season * seasons + window }

    /// Forecasts from each origin in order, from the values before it alone.
    func forecast(
        _ values: UnsafeBufferPointer<Double>, origins: [Int], horizon: Int,
        into results: UnsafeMutableBufferPointer<Double>
    ) {
        for (row, origin) in origins.enumerated() {
            var distance = 0.0
            if window > 0 {
                for time in origin - window..<origin {
                    unsafe distance += values[time] - profile(values, at: time, back: 1)
                }
                distance *= persistence / Double(window)
            }
            for step in 0..<horizon {
                unsafe results[row * horizon + step] =
                    distance + profile(values, at: origin + step, back: step / season + 1)
            }
        }
    }

    private func profile(_ values: UnsafeBufferPointer<Double>, at time: Int, back: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for ago in back..<back + seasons {
            let index = time - ago * season
            guard index >= 0 else { break }
            unsafe sum += values[index]
            count += 1
        }
        return count > 0 ? sum / count : 0
    }
}
