internal import Glibc

/// Bounds from the errors of the rehearsals: whatever the series is like, 80 and 95 of 100 outcomes should have been
/// within them (split conformal prediction; Vovk, Gammerman and Shafer 2005).
///
/// Errors are taken on the scale that the experts see, divided by how large they usually are so
/// many steps ahead, and pooled, so that few rehearsals give many samples.
struct ConformalIntervals {
    let points: [Forecast.Point]

    init(_ ensemble: Ensemble, _ history: [Double], _ plan: ForecastPlan) {
        let rehearsal = ensemble.combined
        let horizon = plan.horizon
        let isLogarithmic = ensemble.scale == .logarithmic
        let isNeverNegative = history.allSatisfy { $0 >= 0 }
        func scaled(_ value: Double) -> Double { isLogarithmic ? log1p(max(0, value)) : value }
        func restored(_ value: Double) -> Double { isLogarithmic ? expm1(min(value, 700)) : value }
        var errors = Array(repeating: 0.0, count: plan.rehearsals * horizon)
        var size = Array(repeating: 0.0, count: horizon)
        for row in 0..<plan.rehearsals {
            for step in 0..<horizon {
                let index = row * horizon + step
                errors[index] = scaled(history[plan.origins[row] + step]) - scaled(rehearsal.forecasts[index])
                size[step] += abs(errors[index]) / Double(plan.rehearsals)
            }
        }
        let usual = (0..<horizon).map { step in
            let near = size[Ensemble.near(step, horizon, reach: horizon / 4)]
            return near.reduce(0, +) / Double(near.count)
        }
        for index in errors.indices { errors[index] /= max(usual[index % horizon], .leastNormalMagnitude) }
        errors.sort()
        let bounds = Bounds(errors, independent: plan.independentRehearsals)
        points = (0..<horizon).map { step in
            let mean = rehearsal.forecasts[plan.rehearsals * horizon + step]
            let centre = scaled(mean)
            func bound(_ factor: Double) -> Double {
                let value = restored(centre + factor * usual[step])
                return isNeverNegative ? max(0, value) : value
            }
            return Forecast.Point(
                mean: isNeverNegative ? max(0, mean) : mean, low80: min(mean, bound(bounds.low80)),
                high80: max(mean, bound(bounds.high80)), low95: min(mean, bound(bounds.low95)),
                high95: max(mean, bound(bounds.high95)))
        }
    }

    /// Multiples of the usual error.
    private struct Bounds {
        var low80: Double
        var high80: Double
        var low95: Double
        var high95: Double

        /// Weights were chosen by the same rehearsals, and few of these show no rare error: the fewer they are, the more
        /// the future errs beyond them. The factors were fitted to the development series.
        init(_ errors: [Double], independent: Double) {
            let doubt = 5 / (independent * independent)
            func quantile(_ part: Double) -> Double {
                let position = part * Double(errors.count - 1)
                let below = Int(position)
                let above = min(below + 1, errors.count - 1)
                return errors[below] + (errors[above] - errors[below]) * (position - Double(below))
            }
            let wider80 = 1.03 + doubt
            let wider95 = 1.1 + 1.1 * doubt
            low80 = quantile(0.1) * wider80
            high80 = quantile(0.9) * wider80
            low95 = min(low80, quantile(0.025) * wider95)
            high95 = max(high80, quantile(0.975) * wider95)
        }
    }

}
