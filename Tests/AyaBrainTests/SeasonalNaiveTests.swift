internal import AyaBrain
internal import Testing

@Suite struct SeasonalNaiveTests {
    @Test func repeatsTheLastSeason() {
        #expect(SeasonalNaive.forecast([9, 1, 2, 3], season: 3, horizon: 4) == [1, 2, 3, 1])
    }

    @Test func asksForNoMoreThanThereIs() {
        #expect(SeasonalNaive.forecast([4], season: 24, horizon: 2) == [4, 4])
        #expect(SeasonalNaive.forecast([], season: 24, horizon: 2) == [0, 0])
        #expect(SeasonalNaive.forecast([1], season: -1, horizon: -1) == [])
    }
}
