internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct WeightedSplitTests {
    @Test func everyHundredHasItsShare() {
        var split = WeightedSplit(weights: [95, 5])
        for _ in 0..<10 {
            let picks = (0..<100).compactMap { _ in split.next() }
            #expect(picks.count { $0 == 1 } == 5)
        }
    }

    @Test func isNginxSmoothSequence() {
        var split = WeightedSplit(weights: [5, 1, 1])
        #expect((0..<7).map { _ in split.next() } == [0, 0, 1, 0, 2, 0, 0])
    }

    @Test func zeroGetsNothing() {
        var split = WeightedSplit(weights: [0, 3, 0])
        #expect((0..<4).map { _ in split.next() } == [1, 1, 1, 1])
        var none = WeightedSplit(weights: [0, -4])
        #expect(none.next() == nil)
        var random = RandomSource(seed: 1)
        #expect(none.random(&random) == nil)
    }

    @Test func randomFollowsTheWeights() {
        let split = WeightedSplit(weights: [70, 20, 10])
        var random = RandomSource(seed: 6)
        var counts = [0, 0, 0]
        for _ in 0..<10_000 { if let share = split.random(&random) { counts[share] += 1 } }
        #expect(abs(counts[0] - 7_000) < 250 && abs(counts[2] - 1_000) < 150, "\(counts)")
    }
}
