internal import Glibc

/// A ridge regression for each step ahead: how far a value will lie from a base depends on how the newest values lie to
/// it, and on what followed the same moment of earlier days and weeks.
///
/// With base *b(t)* and target *Y(t) = z(t+h) − b(t)*, the regressors are *z(t−lag) − b(t)*, means over windows minus
/// *b(t)*, and *Y(t−season)*. All are shifts of one column or of few, so the normal equations are dot products; those of
/// the newest values grow by one row a step. Newer times weigh more, by *e* over the history.
struct DirectRidge: Sendable {
    /// What forecasts are relative to: the mean of so many of the newest values.
    var base: Int
    /// How far back single values are regressors.
    var lags: [Int] = []
    /// Lengths of the means that are regressors.
    var windows: [Int] = []
    /// Seasonal shifts, in steps; those shorter than the step ahead are left out.
    var shifts: [Int] = []
    /// Penalty of a coefficient as a part of the mean square of the regressors.
    var penalty = 0.005

    /// More rows tell little that is new, and cost time.
    static let mostRows = 2_500

    /// Forecasts from each origin in order; of the last origin from all values, of the others from the values before the
    /// first, so that their errors are honest.
    ///
    /// - Parameters:
    ///   - values: of about unit variance.
    ///   - origins: ascending; the last is `values.count`.
    /// - Returns: false when the history is too short; `results` is then undefined.
    func forecast(
        _ values: [Double], origins: [Int], horizon: Int, into results: UnsafeMutableBufferPointer<Double>
    ) -> Bool {
        guard let first = origins.first, let design = RidgeDesign(self, values, rowsBefore: first - horizon) else {
            return false
        }
        var early = NearProducts(design, through: first - horizon)
        var whole = NearProducts(design, through: values.count - horizon)
        var solver = RidgeSolver(design)
        for ahead in (1...horizon).reversed() {
            early.extend(design, through: first - ahead)
            whole.extend(design, through: values.count - ahead)
            let target = RidgeTarget(design, values, ahead: ahead)
            let shifts = shifts.indices.filter { self.shifts[$0] >= ahead }.map { self.shifts[$0] }
            solver.fit(design, target, early, shifts: shifts, end: first - ahead, penalty: penalty)
            for (row, origin) in origins.enumerated() {
                if row == origins.count - 1 {
                    solver.fit(design, target, whole, shifts: shifts, end: values.count - ahead, penalty: penalty)
                }
                unsafe results[row * horizon + ahead - 1] = solver.predict(
                    design, target, shifts: shifts, at: origin - 1)
            }
        }
        return true
    }
}

/// The regressors that are the same for every step ahead.
struct RidgeDesign {
    let count: Int
    /// The first time whose regressors are all known.
    let from: Int
    /// The first time that any shift of a target reaches.
    let earliest: Int
    let base: [Float]
    let near: [[Float]]
    let weights: [Float]
    let weightedNear: [[Float]]
    /// What a time weighs less than the next, as an exponent.
    let decay: Double

    init?(_ ridge: DirectRidge, _ values: [Double], rowsBefore end: Int) {
        let count = values.count
        guard count > 8 else { return nil }
        var sums = [0.0]
        sums.reserveCapacity(count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        func means(_ window: Int) -> [Double] {
            (0..<count).map { time in
                let length = min(window, time + 1)
                return (sums[time + 1] - sums[time + 1 - length]) / Double(length)
            }
        }
        let base = ridge.base > 1 ? means(ridge.base) : values
        var near: [[Float]] = []
        for lag in ridge.lags where ridge.base > 1 || lag > 0 {
            near.append((0..<values.count).map { Float(values[max(0, $0 - lag)] - base[$0]) })
        }
        for window in ridge.windows where window != ridge.base {
            let means = means(window)
            near.append(values.indices.map { Float(means[$0] - base[$0]) })
        }
        let longest = max(ridge.lags.max() ?? 0, ridge.windows.max() ?? 0, (ridge.shifts.max() ?? 0) + ridge.base / 2)
        let from = max(longest, end - DirectRidge.mostRows)
        // Two rows for each coefficient at least.
        guard end - from >= 2 * (near.count + ridge.shifts.count + 1) else { return nil }
        let decay = 1 / Double(count)
        let weights = (0..<count).map { Float(exp(Double($0 - count) * decay)) }
        self.count = count
        self.from = from
        earliest = max(0, from - (ridge.shifts.max() ?? 0))
        self.weights = weights
        self.decay = decay
        weightedNear = near.map { column in column.indices.map { column[$0] * weights[$0] } }
        self.near = near
        self.base = base.map { Float($0) }
    }
}

/// *Y(t) = z(t+h) − b(t)* for one step ahead, plain and weighted.
struct RidgeTarget {
    let values: [Float]
    let weighted: [Float]

    init(_ design: RidgeDesign, _ values: [Double], ahead: Int) {
        var plain = [Float](repeating: 0, count: values.count - ahead)
        var weighted = plain
        for time in design.earliest..<values.count - ahead {
            let value = Float(values[time + ahead]) - design.base[time]
            plain[time] = value
            weighted[time] = value * design.weights[time]
        }
        self.values = plain
        self.weighted = weighted
    }
}

/// The products of the newest values among each other, for a span of times that grows at its end.
struct NearProducts {
    private(set) var matrix: [Double]
    private(set) var sums: [Double]
    private(set) var weight = 0.0
    private var end: Int

    init(_ design: RidgeDesign, through end: Int) {
        let size = design.near.count
        matrix = Array(repeating: 0, count: size * size)
        sums = Array(repeating: 0, count: size)
        self.end = end
        let span = design.from..<end
        for row in 0..<size {
            for column in 0...row {
                matrix[row * size + column] = DotProduct.of(design.weightedNear[row], design.near[column], span, 0, 0)
            }
            sums[row] = DotProduct.sum(design.weightedNear[row], span)
        }
        weight = DotProduct.sum(design.weights, span)
    }

    mutating func extend(_ design: RidgeDesign, through newEnd: Int) {
        let size = sums.count
        for time in end..<max(end, newEnd) {
            for row in 0..<size {
                let value = Double(design.weightedNear[row][time])
                for column in 0...row { matrix[row * size + column] += value * Double(design.near[column][time]) }
                sums[row] += value
            }
            weight += Double(design.weights[time])
        }
        end = max(end, newEnd)
    }
}

/// Normal equations of one step ahead, and their solution.
struct RidgeSolver {
    private var matrix: [Double] = []
    private var right: [Double] = []
    private(set) var coefficients: [Double] = []

    init(_ design: RidgeDesign) {}

    mutating func fit(
        _ design: RidgeDesign, _ target: RidgeTarget, _ near: NearProducts, shifts: [Int], end: Int, penalty: Double
    ) {
        let nearCount = design.near.count
        let size = nearCount + shifts.count + 1
        let last = size - 1
        let span = design.from..<end
        matrix = Array(repeating: 0, count: size * size)
        right = Array(repeating: 0, count: size)
        for row in 0..<nearCount {
            for column in 0...row { matrix[row * size + column] = near.matrix[row * nearCount + column] }
            matrix[last * size + row] = near.sums[row]
            right[row] = DotProduct.of(design.weightedNear[row], target.values, span, 0, 0)
        }
        for (index, shift) in shifts.enumerated() {
            let row = nearCount + index
            let scale = exp(Double(shift) * design.decay)
            for column in 0..<nearCount {
                matrix[row * size + column] =
                    DotProduct.of(design.weightedNear[column], target.values, span, 0, -shift)
            }
            for other in 0...index {
                matrix[row * size + nearCount + other] =
                    scale * DotProduct.of(target.weighted, target.values, span, -shift, -shifts[other])
            }
            matrix[last * size + row] =
                scale * DotProduct.sum(target.weighted, span.lowerBound - shift..<span.upperBound - shift)
            right[row] = DotProduct.of(target.weighted, target.values, span, 0, -shift)
        }
        matrix[last * size + last] = near.weight
        right[last] = DotProduct.sum(target.weighted, span)
        var mean = 0.0
        for row in 0..<size { mean += matrix[row * size + row] / Double(size) }
        for row in 0..<last { matrix[row * size + row] += penalty * mean + 1e-9 }
        matrix[last * size + last] += penalty * mean * 1e-3 + 1e-9
        coefficients = Cholesky.solve(&matrix, right) ?? Array(repeating: 0, count: size)
    }

    func predict(_ design: RidgeDesign, _ target: RidgeTarget, shifts: [Int], at time: Int) -> Double {
        var sum = Double(design.base[time]) + coefficients[coefficients.count - 1]
        for (index, column) in design.near.enumerated() { sum += coefficients[index] * Double(column[time]) }
        for (index, shift) in shifts.enumerated() {
            sum += coefficients[design.near.count + index] * Double(target.values[time - shift])
        }
        return sum
    }
}
