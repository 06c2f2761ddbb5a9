/// Sees a rise of demand that is minutes away: the time to open connections and to warm what will be hot.
package struct RiseWatch: Sendable {
    package struct Rise: Sendable, Equatable {
        /// Requests a second that are expected.
        package var demand: Double
        /// Until then.
        package var seconds: Double
        /// It was not there when it was looked for last.
        package var isNews: Bool
    }

    /// Seconds that are looked ahead.
    private static let outlook = 600.0
    /// A rise begins where so many times as much is expected, and is over where less than that is.
    private static let begin = 1.3
    private static let end = 1.15

    private var isUnderway = false

    package init() {}

    /// - Parameters:
    ///   - demand: requests a second, now.
    ///   - forecast: the next step first, `step` seconds apart.
    package mutating func look(demand: Double, forecast: [Forecast.Point], step: Double) -> Rise? {
        guard demand.isFinite, step > 0 else { return nil }
        let steps = min(forecast.count, max(1, Int((Self.outlook / step).rounded(.down))))
        let means = forecast.prefix(steps).map(\.mean)
        guard let peak = means.filter(\.isFinite).max(), let index = means.firstIndex(of: peak) else { return nil }
        let threshold = (isUnderway ? Self.end : Self.begin) * max(demand, 1)
        let before = isUnderway
        isUnderway = peak > threshold
        return isUnderway ? Rise(demand: peak, seconds: Double(index + 1) * step, isNews: !before) : nil
    }
}
