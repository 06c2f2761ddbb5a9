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
    ///
    /// - Parameter sums: of the first so many values, one more than there are values.
    /// - Returns: a row of the horizon for each origin.
    func forecasts(_ values: [Double], sums: [Double], origins: [Int], horizon: Int) -> [Double] {
        var results: [Double] = []
        results.reserveCapacity(origins.count * horizon)
        for origin in origins {
            let distance = window > 0 ? persistence * self.distance(at: origin, sums) : 0
            for step in 0..<horizon {
                results.append(distance + profile(values, at: origin + step, back: step / season + 1))
            }
        }
        return results
    }

    /// The mean of the newest values minus that of their profile.
    private func distance(at origin: Int, _ sums: [Double]) -> Double {
        var usual = 0.0
        for ago in 1...seasons { usual += sums[origin - ago * season] - sums[origin - ago * season - window] }
        return (sums[origin] - sums[origin - window] - usual / Double(seasons)) / Double(window)
    }

    private func profile(_ values: [Double], at time: Int, back: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for ago in back..<back + seasons {
            let index = time - ago * season
            guard index >= 0 else { break }
            sum += values[index]
            count += 1
        }
        return count > 0 ? sum / count : 0
    }
}
