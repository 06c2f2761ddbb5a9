internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

@Suite struct ForecasterTests {
    /// A working week: a daily wave, quiet weekends, noise of so many hundredths.
    static func traffic(hours: Int, noise: Double, growth: Double = 0, seed: UInt64 = 7) -> [Double] {
        var random = RandomSource(seed: seed)
        return (0..<hours).map { hour in
            let wave = 1 + 0.8 * sin(Double(hour % 24) / 24 * 2 * .pi)
            let day = hour / 24 % 7 < 5 ? 1.0 : 0.4
            let jitter =
                1 + noise / 100 * (Double.random(in: -1...1, using: &random) + .random(in: -1...1, using: &random))
            return 1_000 * wave * day * jitter * (1 + growth * Double(hour))
        }
    }

    @Test func foretellsAWeekAlmostExactly() {
        let series = Self.traffic(hours: 24 * 36, noise: 1)
        let known = Array(series.dropLast(48))
        let forecast = Forecaster(horizon: 48, seasons: [24, 168]).forecast(known)
        for (point, actual) in zip(forecast.points, series.suffix(48)) {
            #expect(abs(point.mean - actual) < 0.06 * actual + 20)
        }
    }

    @Test func followsGrowth() {
        let series = Self.traffic(hours: 24 * 36, noise: 1, growth: 0.002)
        let forecast = Forecaster(horizon: 24, seasons: [24, 168]).forecast(series.dropLast(24))
        let expected = series.suffix(24).reduce(0, +)
        let sum = forecast.points.reduce(0) { $0 + $1.mean }
        #expect(abs(sum / expected - 1) < 0.03)
    }

    @Test func beatsTheSeasonalNaiveOnNoise() {
        var own = 0.0
        var naive = 0.0
        for seed in 1...5 {
            let series = Self.traffic(hours: 24 * 36, noise: 15, seed: UInt64(seed))
            let known = Array(series.dropLast(24))
            let points = Forecaster(horizon: 24, seasons: [24, 168]).forecast(known).points
            let last = SeasonalNaive.forecast(known, season: 168, horizon: 24)
            for (index, actual) in series.suffix(24).enumerated() {
                own += abs(points[index].mean - actual)
                naive += abs(last[index] - actual)
            }
        }
        #expect(own < 0.95 * naive)
    }

    @Test func boundsHoldWhatTheyPromise() {
        var within80 = 0
        var within95 = 0
        var all = 0
        for seed in 1...12 {
            let series = Self.traffic(hours: 24 * 30, noise: 20, seed: UInt64(seed))
            let points = Forecaster(horizon: 24, seasons: [24, 168]).forecast(series.dropLast(24)).points
            for (point, actual) in zip(points, series.suffix(24)) {
                all += 1
                within80 += point.low80 <= actual && actual <= point.high80 ? 1 : 0
                within95 += point.low95 <= actual && actual <= point.high95 ? 1 : 0
            }
        }
        #expect((0.7...0.92).contains(Double(within80) / Double(all)))
        #expect((0.88...1).contains(Double(within95) / Double(all)))
    }

    @Test func boundsAreNested() {
        let points = Forecaster(horizon: 30, seasons: [24]).forecast(Self.traffic(hours: 400, noise: 30)).points
        for point in points {
            #expect(point.low95 <= point.low80 && point.low80 <= point.mean)
            #expect(point.mean <= point.high80 && point.high80 <= point.high95)
            #expect(point.low95 >= 0)
        }
    }

    @Test func isTheSameEveryTime() {
        let series = Self.traffic(hours: 500, noise: 10)
        let forecaster = Forecaster(horizon: 24, seasons: [24, 168])
        #expect(forecaster.forecast(series).points == forecaster.forecast(series).points)
    }

    @Test func scalesWithItsUnit() {
        let series = Self.traffic(hours: 600, noise: 10).map { $0 - 900 }
        let forecaster = Forecaster(horizon: 12, seasons: [24, 168])
        let points = forecaster.forecast(series).points
        let larger = forecaster.forecast(series.map { $0 * 1024 }).points
        for (point, large) in zip(points, larger) {
            #expect(abs(large.mean / 1024 - point.mean) < 1e-3 * abs(point.mean) + 1)
        }
    }

    @Test func shortHistoriesAreRehearsedToo() {
        for hours in [40, 60, 100] {
            let forecast = Forecaster(horizon: 12, seasons: [24, 168]).forecast(Self.traffic(hours: hours, noise: 5))
            #expect(!forecast.voices.isEmpty)
        }
    }

    @Test func weightsOfExpertsSumToOne() {
        let voices = Forecaster(horizon: 24, seasons: [24, 168]).forecast(Self.traffic(hours: 700, noise: 5)).voices
        #expect(abs(voices.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
        #expect(voices.contains { $0.errorRatio < 1.2 })
    }

    /// Within minutes load runs on in a straight line: a ramp is not taken for a level, nor for growth by a factor.
    @Test func followsARampOfMinutes() {
        var random = RandomSource(seed: 3)
        let series = (0..<3_000).map { minute in
            let phase = Double(minute % 1_440) / 1_440
            return 400 + 1_200 * (phase < 0.5 ? phase : 1 - phase) + Double.random(in: -5...5, using: &random)
        }
        let points = Forecaster(horizon: 10, seasons: [1_440]).forecast(Array(series.dropLast(10))).points
        for (point, actual) in zip(points, series.suffix(10)) { #expect(abs(point.mean - actual) < 10) }
    }
}
