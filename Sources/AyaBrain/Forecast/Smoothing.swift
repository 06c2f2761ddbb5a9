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

    /// How many are carried through a history at once.
    static let lanes = 4
    private static let memory = 1_000

    /// Forecasts of several from each origin, in order: the values before it are known, the horizon's steps from it on
    /// are not. What one step tells the next is a chain that a processor waits for, so four walk side by side.
    ///
    /// Without seasons, values more than `memory` steps before the first origin are left out: levels forget.
    ///
    /// - Parameters:
    ///   - origins: ascending, at most `values.count`.
    /// - Returns: of each, `origins.count` rows of `horizon`.
    static func forecasts(
        of all: [Smoothing], _ values: UnsafeBufferPointer<Double>, seasons: Seasons, origins: [Int], horizon: Int
    ) -> [[Double]] {
        let begin = seasons == .none ? max(0, (origins.first ?? 0) - memory) : 0
        let values = unsafe UnsafeBufferPointer(rebasing: values[begin...])
        let start = unsafe SmoothingStart(values, seasons)
        let origins = origins.map { $0 - begin }
        return stride(from: 0, to: all.count, by: lanes).flatMap { first in
            let some = all[first..<min(first + lanes, all.count)]
            var walk = SmoothingWalk(Array(some), start)
            let results = unsafe walk.forecasts(values, start, origins: origins, horizon: horizon)
            return some.indices.map { index in results.map { $0[index - first] } }
        }
    }
}

/// Four smoothings on their way through a history.
private struct SmoothingWalk {
    private typealias Lanes = SIMD4<Double>

    private let levelGain: Lanes
    private let trendGain: Lanes
    private let firstGain: Lanes
    private let secondGain: Lanes
    private let damping: Lanes
    private let carry: Lanes
    private var level: Lanes
    private var trend = Lanes.zero
    private var error = Lanes.zero

    /// - Parameter smoothings: one to four; the last fills the lanes that are left.
    init(_ smoothings: [Smoothing], _ start: SmoothingStart) {
        func lanes(_ part: (Smoothing) -> Double) -> Lanes {
            var lanes = Lanes.zero
            for lane in 0..<Smoothing.lanes { lanes[lane] = part(smoothings[min(lane, smoothings.count - 1)]) }
            return lanes
        }
        levelGain = lanes { $0.level }
        trendGain = lanes { $0.trend }
        firstGain = lanes { $0.first }
        secondGain = lanes { $0.second }
        damping = lanes { $0.damping }
        carry = lanes { $0.carry }
        level = Lanes(repeating: start.level)
    }

    mutating func forecasts(
        _ values: UnsafeBufferPointer<Double>, _ start: SmoothingStart, origins: [Int], horizon: Int
    ) -> [SIMD4<Double>] {
        var first = start.first.map { Lanes(repeating: $0) }
        var second = start.second.map { Lanes(repeating: $0) }
        var results: [Lanes] = []
        results.reserveCapacity(origins.count * horizon)
        unsafe first.withUnsafeMutableBufferPointer { first in
            unsafe second.withUnsafeMutableBufferPointer { second in
                var (one, two) = (0, 0)
                var known = 0
                for origin in origins {
                    while known < origin {
                        unsafe observe(values[known], &first[one], &second[two])
                        known += 1
                        one = one + 1 == first.count ? 0 : one + 1
                        two = two + 1 == second.count ? 0 : two + 1
                    }
                    unsafe ahead(first, second, one, two, horizon, into: &results)
                }
            }
        }
        return results
    }

    @inline(__always) private mutating func observe(_ value: Double, _ first: inout Lanes, _ second: inout Lanes) {
        let damped = damping * trend
        let whole = Lanes(repeating: value) - (level + damped + first + second)
        let news = whole - carry * error
        level += damped + levelGain * news
        trend = damped + trendGain * news
        first += firstGain * news
        second += secondGain * news
        error = whole
    }

    private func ahead(
        _ first: UnsafeMutableBufferPointer<Lanes>, _ second: UnsafeMutableBufferPointer<Lanes>, _ one: Int,
        _ two: Int, _ horizon: Int, into results: inout [Lanes]
    ) {
        var (one, two) = (one, two)
        var (expected, slope, carried) = (level, trend, error)
        for _ in 0..<horizon {
            slope *= damping
            expected += slope
            carried *= carry
            unsafe results.append(expected + carried + first[one] + second[two])
            one = one + 1 == first.count ? 0 : one + 1
            two = two + 1 == second.count ? 0 : two + 1
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
