internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

@Suite struct BurstClockTests {
    /// Minutes of so many hours at about 100, the last one just over; in a third of the hours five times as much from
    /// the 30th minute on, for eight minutes.
    static func minutes(_ hours: Int, burst: Double = 5, every: Double = 1.0 / 3) -> [Double] {
        var random = RandomSource(seed: 11)
        return (0..<hours).flatMap { _ -> [Double] in
            let hasOne = Double.random(in: 0...1, using: &random) < every
            return (0..<60).map { minute in
                let usual = 100 * Double.random(in: 0.85...1.15, using: &random)
                return hasOne && (30..<38).contains(minute) ? burst * usual : usual
            }
        }
    }

    @Test func learnsTheMinutesOfBursts() throws {
        let clock = BurstClock(Self.minutes(60), step: 60)
        #expect(clock.isActive)
        let before = clock.bound(25, share: 0.9)
        let burst = try #require(clock.bound(33, share: 0.9))
        #expect(before == nil && (450...600).contains(burst), "\(burst)")
        // Of the rarer outcomes, and of the usual one.
        #expect(clock.bound(33, share: 0.5) ?? 0 < 130)
        // An hour later it is the same.
        #expect(clock.bound(93, share: 0.9) == burst)
        #expect(clock.calm.max() ?? 0 < 250 && clock.calm.count == 3_600)
    }

    @Test func noiseAndSmallHistoriesHaveNone() {
        #expect(!BurstClock(Self.minutes(60, burst: 1), step: 60).isActive)
        #expect(!BurstClock(Self.minutes(20), step: 60).isActive)
        // One that came three times in sixty hours is none of the clock's.
        #expect(!BurstClock(Self.minutes(60, every: 0.03), step: 60).isActive)
        // A day's rhythm is none either.
        let day = (0..<4_320).map { 100 + 80 * sin(Double($0) / 1_440 * 2 * .pi) }
        let clock = BurstClock(day, step: 60)
        #expect(!clock.isActive && clock.calm == day && clock.bound(1, share: 0.9) == nil)
    }

    @Test func nonsenseIsPassedOver() {
        for step in [0, -1, .nan, .infinity, 7, 3_600, 1e300] {
            #expect(!BurstClock(Self.minutes(30), step: step).isActive)
        }
        #expect(!BurstClock([], step: 60).isActive)
        #expect(!BurstClock(Array(repeating: .nan, count: 5_000), step: 60).isActive)
        #expect(!BurstClock(Array(repeating: 0, count: 5_000), step: 60).isActive)
        var gaps = Self.minutes(60)
        for index in stride(from: 0, to: gaps.count, by: 7) { gaps[index] = .nan }
        #expect(BurstClock(gaps, step: 60).isActive)
        #expect(BurstClock(Self.minutes(60), step: 60).bound(-5, share: 2) == nil)
        _ = BurstClock(Self.minutes(30).map { $0 * 1e300 }, step: 60)
    }
}
