internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct RetryBudgetTests {
    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    private static func taken(_ tries: Range<Int>, _ budget: inout RetryBudget, _ now: Instant) -> Int {
        var count = 0
        for _ in tries where budget.take(now: now) { count += 1 }
        return count
    }

    @Test func aShareOfRequestsAndAFew() {
        var budget = RetryBudget(share: 0.2, floor: 3)
        #expect(Self.taken(0..<10, &budget, Self.at(0)) == 3)
        for _ in 0..<100 { budget.request(now: Self.at(1)) }
        #expect(Self.taken(0..<100, &budget, Self.at(2)) == 20)
    }

    @Test func itForgetsAfterTenSeconds() {
        var budget = RetryBudget(share: 0.1, floor: 1)
        for step in 0..<Int64(10) { for _ in 0..<10 { budget.request(now: Self.at(step * 1000)) } }
        #expect(Self.taken(0..<50, &budget, Self.at(9000)) == 11)
        #expect(budget.take(now: Self.at(15_000)) == false, "what was taken counts for as long as what was asked")
        #expect(Self.taken(0..<50, &budget, Self.at(30_000)) == 1)
    }

    @Test func itReadsACounter() {
        var budget = RetryBudget(share: 0.2, floor: 0)
        budget.note(total: 50, now: Self.at(0))
        #expect(Self.taken(0..<50, &budget, Self.at(1)) == 10)
        budget.note(total: 100, now: Self.at(2))
        #expect(Self.taken(0..<50, &budget, Self.at(2)) == 10)
        // Retries are taken off the counter, which may stand still or go back a little.
        budget.note(total: 90, now: Self.at(3))
        #expect(Self.taken(0..<50, &budget, Self.at(3)) == 0)
    }

    @Test func whenEverythingFailsLoadGrowsByTheShareAlone() {
        var budget = RetryBudget(share: 0.2)
        var retries = 0
        for step in 0..<Int64(60_000) {
            budget.request(now: Self.at(step))
            if budget.take(now: Self.at(step)) { retries += 1 }
        }
        #expect((11_900...12_100).contains(retries))
    }
}
