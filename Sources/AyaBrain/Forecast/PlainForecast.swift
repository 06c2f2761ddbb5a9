/// For histories too short or too still to learn from: the last value, and as much doubt as its changes warrant.
enum PlainForecast {
    /// An empty history gives zeros.
    static func of(_ values: [Double], horizon: Int) -> Forecast {
        let last = values.last ?? 0
        var squares = 0.0
        for (value, next) in zip(values, values.dropFirst()) { squares += (next - value) * (next - value) }
        let step = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
        let isNeverNegative = (values.min() ?? 0) >= 0
        func bounded(_ value: Double) -> Double { isNeverNegative ? max(0, value) : value }
        let points = (1...horizon).map { ahead in
            // Of a normal distribution: 1.28 and 1.96 deviations.
            let deviation = step * Double(ahead).squareRoot()
            return Forecast.Point(
                mean: last, low80: bounded(last - 1.28 * deviation), high80: last + 1.28 * deviation,
                low95: bounded(last - 1.96 * deviation), high95: last + 1.96 * deviation)
        }
        return Forecast(points: points, voices: [])
    }
}
