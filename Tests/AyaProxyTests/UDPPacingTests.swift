internal import AyaConfig
internal import AyaCore
internal import Testing

@testable internal import AyaProxy

struct FlowRateTests {
    @Test func holdsABurstThenTheRate() {
        var now = Instant(nanoseconds: 0)
        var rate = FlowRate(now: now)
        var taken: Int64 = 0
        for _ in 0..<100_000 where rate.take(now: now) { taken += 1 }
        #expect(taken == FlowRate.burst)
        // Two seconds in steps too short to earn a whole flow each.
        taken = 0
        for _ in 0..<100_000 {
            now = now + Interval(nanoseconds: 20_000)
            if rate.take(now: now) { taken += 1 }
        }
        #expect(abs(taken - 2 * FlowRate.perSecond) <= 1)
    }
}

struct AnswerPaceTests {
    @Test func singleAnswersStaySingleButForTrials() {
        var pace = AnswerPace()
        var batches = 0
        for _ in 0..<3400 {
            if pace.step == .batches { batches += 1 }
            pace.note(1)
        }
        #expect(batches == 200, "two of thirty-four")
    }

    @Test func batchesThatPayBecomeTrainsForGood() {
        var pace = AnswerPace()
        for _ in 0..<AnswerPace.trialInterval { pace.note(1) }
        for _ in 0..<AnswerPace.proof - 1 { pace.note(5) }
        #expect(pace.step == .batches)
        pace.note(2)
        #expect(pace.step == .trains)
        for _ in 0..<100 { pace.note(1) }
        #expect(pace.step == .trains)
    }
}
