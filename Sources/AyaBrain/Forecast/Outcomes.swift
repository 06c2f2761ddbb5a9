/// What came after each rehearsed origin, laid out like forecasts: a row of the horizon for each.
struct Outcomes {
    let horizon: Int
    let rows: Int
    private let values: [Double]
    /// Nothing divided by nothing is no error.
    private static let least = SIMD4<Double>(repeating: .leastNormalMagnitude)

    init(_ history: [Double], _ plan: ForecastPlan) {
        horizon = plan.horizon
        rows = plan.rehearsals
        values = plan.origins.dropLast().flatMap { history[$0..<$0 + plan.horizon] }
    }

    /// Errors of the whole horizon together: absolute, and relative as |error| ÷ (|actual| + |forecast|), so that quiet
    /// hours count as much as busy ones. Only their ratios between forecasts mean anything.
    ///
    /// - Parameter forecasts: at least a row for each of `rows`.
    func errors(of forecasts: [Double]) -> (absolute: Double, relative: Double) {
        var absolute = SIMD4<Double>.zero
        var relative = SIMD4<Double>.zero
        let whole = values.count / 4 * 4
        precondition(forecasts.count >= values.count)
        unsafe values.withUnsafeBytes { values in
            unsafe forecasts.withUnsafeBytes { forecasts in
                for offset in stride(from: 0, to: whole * 8, by: 32) {
                    let actual = unsafe values.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
                    let forecast = unsafe forecasts.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
                    let error = Self.magnitude(actual - forecast)
                    absolute += error
                    relative += error / (Self.magnitude(actual) + Self.magnitude(forecast) + Self.least)
                }
            }
        }
        var sums = (absolute: absolute.sum(), relative: relative.sum())
        for index in whole..<values.count {
            let error = abs(values[index] - forecasts[index])
            sums.absolute += error
            sums.relative += error / (abs(values[index]) + abs(forecasts[index]) + .leastNormalMagnitude)
        }
        return sums
    }

    /// The same for each step ahead, as means over the rows.
    func errorsByStep(of forecasts: [Double]) -> (absolute: [Double], relative: [Double]) {
        var absolute = Array(repeating: 0.0, count: horizon)
        var relative = absolute
        let part = 1 / Double(max(1, rows))
        for index in values.indices {
            let error = abs(values[index] - forecasts[index])
            absolute[index % horizon] += error * part
            relative[index % horizon] +=
                error / (abs(values[index]) + abs(forecasts[index]) + .leastNormalMagnitude) * part
        }
        return (absolute, relative)
    }

    @inline(__always) private static func magnitude(_ value: SIMD4<Double>) -> SIMD4<Double> {
        value.replacing(with: -value, where: value .< 0)
    }
}
