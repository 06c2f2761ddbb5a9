internal import Glibc
internal import Testing

@testable internal import AyaBrain

@Suite struct ClockProfileTests {
    private static let slot = 1_800.0

    /// A wave of the day, and half of it at weekends, around a level.
    private static func value(_ slot: Int, level: Double) -> Double {
        let wave = 10 * sin(Double(slot % 48) / 48 * 2 * .pi)
        return level + (slot / 48 % 7 < 5 ? wave : wave / 2)
    }

    /// Weeks are kept in half the bytes of a number, from wherever a series began.
    @Test(arguments: [0.0, 1e4, -1e4])
    func knowsTheWeekOfASeriesThatBeganElsewhere(first: Double) {
        var profile = ClockProfile()
        var latest = ClockProfile.Deviation()
        for slot in 0..<48 * 7 * 8 {
            let value = slot == 0 ? first : Self.value(slot, level: 1_000)
            latest = profile.observe(Sample(time: Double(slot) * Self.slot, value: value))
        }
        #expect(latest.skill > 0.9)
        let usual = Self.value(48 * 7 * 8 - 1, level: 1_000)
        #expect(latest.usual.map { abs($0 - usual) < 0.5 } == true)
    }

    /// A slot of the day was visited more often than a byte can count.
    @Test func livesForYears() {
        var profile = ClockProfile()
        for slot in 0..<48 * 400 {
            _ = profile.observe(Sample(time: Double(slot) * Self.slot, value: Self.value(slot, level: 50)))
        }
        #expect(profile.observe(Sample(time: 48 * 400 * Self.slot, value: 50)).skill > 0.9)
    }
}
