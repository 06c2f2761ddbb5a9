internal import AyaCore
internal import Glibc
internal import Testing

@testable internal import AyaBrain

@Suite struct TailSurpriseTests {
    /// One in a hundred surprises by two, one in a thousand by three, whatever the tail.
    @Test(arguments: [0.1, 0.3, 1.0])
    func isTheDecimalLogarithmOfTheChance(exponent: Double) {
        var random = RandomSource(seed: 5)
        var tail = TailSurprise()
        var beyond = (two: 0, three: 0)
        for row in 0..<60_000 {
            let surprise = tail.observe(pow(Double.random(in: 0.000_000_1..<1, using: &random), -exponent))
            guard row >= 10_000 else { continue }
            if surprise >= 2 { beyond.two += 1 }
            if surprise >= 3 { beyond.three += 1 }
        }
        #expect((300...800).contains(beyond.two))
        #expect((20...110).contains(beyond.three))
    }

    @Test func followsASeriesToAnotherScale() {
        var random = RandomSource(seed: 6)
        var tail = TailSurprise()
        for scale in [1.0, 1e30, 1e-200] {
            var late = 0
            for row in 0..<40_000 {
                let surprise = tail.observe(scale * (1 + Double.random(in: 0..<1, using: &random)))
                if row >= 30_000, surprise > 2 { late += 1 }
            }
            #expect(late < 300)
            #expect(tail.observe(scale * 100) > 3)
        }
    }

    @Test func aFirstMovementAfterStandingStillSurprises() {
        var tail = TailSurprise()
        for _ in 0..<1_000 { #expect(tail.observe(0) == 0) }
        #expect(tail.observe(1) > 2.5)
    }
}
