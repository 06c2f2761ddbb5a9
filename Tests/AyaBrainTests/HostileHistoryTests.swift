internal import AyaBrain
internal import AyaCore
internal import Testing

/// Whatever was stored, the answer is a row of ordered, finite numbers for each step.
@Suite struct HostileHistoryTests {
    private func check(_ history: [Double], horizon: Int = 24, seasons: [Int] = [24, 168]) -> [Forecast.Point] {
        let points = Forecaster(horizon: horizon, seasons: seasons).forecast(history).points
        #expect(points.count == min(max(1, horizon), Forecaster.longestHorizon))
        for point in points {
            #expect([point.mean, point.low80, point.high80, point.low95, point.high95].allSatisfy { $0.isFinite })
            #expect(point.low95 <= point.low80 && point.low80 <= point.mean)
            #expect(point.mean <= point.high80 && point.high80 <= point.high95)
        }
        return points
    }

    @Test func nothingAtAll() {
        #expect(check([]).allSatisfy { $0.mean == 0 })
        #expect(check([.nan, .infinity, -.infinity]).allSatisfy { $0.mean == 0 })
    }

    @Test func onePoint() { #expect(check([42]).allSatisfy { $0.mean == 42 && $0.high95 == 42 }) }

    @Test func aConstant() {
        for count in [2, 30, 2_000] {
            #expect(check(Array(repeating: 7, count: count)).allSatisfy { $0.mean == 7 && $0.low95 == 7 })
        }
    }

    @Test func gapsDoNotShow() {
        let whole = ForecasterTests.traffic(hours: 800, noise: 2)
        var holed = whole
        for hour in Array(100..<130) + [300, 301] + Array(700..<712) { holed[hour] = .nan }
        let points = check(holed)
        for (point, other) in zip(points, check(whole)) {
            #expect(abs(point.mean - other.mean) < 0.1 * other.mean + 20)
        }
    }

    @Test func aGapOfSeveralSeasons() {
        var holed = ForecasterTests.traffic(hours: 1_200, noise: 2)
        for hour in 600..<1_000 { holed[hour] = .nan }
        _ = check(holed)
        _ = check(Array(holed[..<1_000]))
    }

    @Test func tenYearsOfHoursAreBounded() {
        let long = ForecasterTests.traffic(hours: 87_600, noise: 5)
        #expect(check(long) == check(Array(long.suffix(Forecaster.mostValues))))
    }

    @Test(arguments: [-5, 0, 1, 500, 5_000])
    func anyHorizon(horizon: Int) { _ = check(ForecasterTests.traffic(hours: 900, noise: 5), horizon: horizon) }

    @Test(arguments: [[], [0], [-3], [1], [1_000_000], [Int.max, Int.min], [24, 24], [168, 24, 7, 5, 3], [2]])
    func anySeasons(seasons: [Int]) { _ = check(ForecasterTests.traffic(hours: 400, noise: 5), seasons: seasons) }

    @Test(arguments: 1...60)
    func shortHistories(count: Int) { _ = check(ForecasterTests.traffic(hours: count, noise: 5), horizon: 12) }

    @Test func mostlyZero() {
        _ = check((0..<500).map { $0 % 7 == 0 ? Double($0) : 0 })
        _ = check((0..<500).map { $0 == 250 ? 1e9 : 0 })
        _ = check((0..<500).map { $0 == 499 ? 1 : 0 })
    }

    @Test func hugeTinyAndNegative() {
        _ = check((0..<500).map { Double($0 % 24) * 1e99 })
        _ = check((0..<500).map { Double($0 % 24) * 1e-300 })
        _ = check((0..<500).map { Double($0 % 24) * -3 })
        _ = check((0..<500).map { $0 % 2 == 0 ? 1e99 : -1e99 })
        _ = check((0..<500).map { 1e15 + Double($0 % 3) * 0.125 })
    }

    @Test(arguments: 1...40)
    func noiseOfEveryKind(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let scale = [1.0, 1e-9, 1e12][seed % 3]
        let history: [Double] = (0..<Int.random(in: 1...700, using: &random)).map { _ in
            switch Int.random(in: 0..<30, using: &random) {
            case 0: .nan
            case 1: .infinity
            case 2: 0
            case 3: scale * 1e6
            default: scale * Double.random(in: -1...10, using: &random)
            }
        }
        _ = check(
            history, horizon: Int.random(in: 1...60, using: &random), seasons: [[24, 168], [7], [1], [12]][seed % 4])
    }
}
