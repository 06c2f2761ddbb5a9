internal import AyaBrain
internal import Testing

@Suite struct LevelChangeTests {
    @Test func seesALastingChange() throws {
        var values = ForecasterTests.traffic(hours: 24 * 42, noise: 5)
        for hour in 24 * 28..<24 * 42 { values[hour] *= 1.6 }
        let change = try #require(LevelChange.newest(in: values, seasons: [24, 168]))
        #expect(change.stepsAgo == 24 * 14)
        #expect(abs(change.ratio - 1.6) < 0.05)
    }

    @Test(arguments: 1...20)
    func seesNoneInNoise(seed: Int) {
        let values = ForecasterTests.traffic(hours: 24 * 42, noise: 20, seed: UInt64(seed))
        #expect(LevelChange.newest(in: values, seasons: [24, 168]) == nil)
    }

    @Test func needsEnough() {
        #expect(LevelChange.newest(in: [], seasons: []) == nil)
        #expect(LevelChange.newest(in: [1, 2, 3], seasons: [24]) == nil)
        #expect(LevelChange.newest(in: Array(repeating: -1, count: 500), seasons: [24]) == nil)
        #expect(LevelChange.newest(in: Array(repeating: 0, count: 500), seasons: [24]) == nil)
    }
}
