internal import AyaBalance
internal import AyaCore
internal import Testing

/// What the limit and the shedder together make of an overload, on a simulation that replays.
@Suite struct OverloadTests {
    /// The 99th percentile, in milliseconds, of requests that meet nobody.
    private static let unloaded = 312.0

    private static func run(load: Double, classes: Bool = true) -> OverloadSimulation.Outcome {
        var sum = OverloadSimulation.Outcome()
        for seed in UInt64(1)...3 {
            var simulation = OverloadSimulation(
                seed: seed, limit: AdaptiveLimit(AdaptiveLimit.Settings()), usesClasses: classes)
            sum = sum + simulation.run(load: load, warmUp: 6, seconds: 24)
        }
        return sum
    }

    @Test func aLoadThatServersBearIsNotShed() {
        for load in [0.5, 1.0] {
            let outcome = Self.run(load: load)
            #expect(outcome.shedShare == 0)
            #expect(outcome.share.allSatisfy { $0 > 0.999 })
        }
    }

    @Test func anOverloadCostsWhatMattersLeast() {
        let outcome = Self.run(load: 2)
        #expect(outcome.goodput >= 0.94)
        #expect(outcome.share[0] >= 0.999)
        #expect(outcome.share[1] >= 0.998)
        #expect(outcome.share[3] < 0.01, "sheddable work goes first")
        #expect(outcome.percentile(0.99) <= 1.4 * Self.unloaded)
    }

    @Test func anOverloadOfThreeTimesStillServesTheCritical() {
        let outcome = Self.run(load: 3)
        #expect(outcome.goodput >= 0.94)
        #expect(outcome.share[0] >= 0.998)
        #expect(outcome.share[1] >= 0.9)
        #expect(outcome.share[3] < 0.01)
    }

    @Test func withoutClassesTheLimitAloneKeepsTheGoodput() {
        let outcome = Self.run(load: 2, classes: false)
        #expect(outcome.goodput >= 0.93)
        #expect(outcome.percentile(0.99) <= 1.4 * Self.unloaded)
    }
}
