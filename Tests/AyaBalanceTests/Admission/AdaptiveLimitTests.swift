internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct AdaptiveLimitTests {
    /// Feeds a thousand pieces of work a second whose latency depends on nothing.
    private static func feed(
        _ limit: inout AdaptiveLimit, from start: Int64, seconds: Int64, latency: Interval, inFlight: Int
    ) {
        for step in 0..<seconds * 1_000 {
            let now = Instant(nanoseconds: 1_000_000_000) + .milliseconds(start * 1_000 + step)
            _ = limit.ended(after: latency, inFlight: inFlight, now: now)
        }
    }

    @Test func itStaysWideWhileWorkIsAsQuickAsEver() {
        var limit = AdaptiveLimit(AdaptiveLimit.Settings())
        Self.feed(&limit, from: 0, seconds: 20, latency: .milliseconds(10), inFlight: 900)
        #expect(limit.limit == 1_000)
        #expect(!limit.isBinding)
    }

    @Test func slownessBringsItDownToWhatIsUnderWayAndBelow() {
        var limit = AdaptiveLimit(AdaptiveLimit.Settings())
        Self.feed(&limit, from: 0, seconds: 10, latency: .milliseconds(10), inFlight: 50)
        Self.feed(&limit, from: 10, seconds: 1, latency: .milliseconds(30), inFlight: 80)
        #expect(limit.limit < 80)
        #expect(limit.isBinding)
    }

    @Test func slownessThatLessWorkDoesNotCureBecomesUsual() {
        var limit = AdaptiveLimit(AdaptiveLimit.Settings())
        Self.feed(&limit, from: 0, seconds: 10, latency: .milliseconds(10), inFlight: 50)
        var least = limit.limit
        for step in Int64(0)..<20_000 {
            let now = Instant(nanoseconds: 11_000_000_000) + .milliseconds(step)
            _ = limit.ended(after: .milliseconds(30), inFlight: min(80, limit.limit), now: now)
            if step > 5_000 { least = min(least, limit.limit) }
        }
        #expect(least >= 40, "but for a moment now and again")
        #expect(limit.limit > 80)
    }

    @Test func itKeepsItsBounds() {
        var limit = AdaptiveLimit(AdaptiveLimit.Settings(minimum: 8, maximum: 60))
        Self.feed(&limit, from: 0, seconds: 5, latency: .milliseconds(1), inFlight: 60)
        #expect(limit.limit == 60)
        Self.feed(&limit, from: 5, seconds: 1, latency: .seconds(1), inFlight: 10)
        #expect(limit.limit >= 8)
    }

    @Test func aPoolWithHardlyAnyTrafficIsLeftAlone() {
        var limit = AdaptiveLimit(AdaptiveLimit.Settings())
        for step in 0..<Int64(200) {
            let now = Instant(nanoseconds: 1_000_000_000) + .seconds(step)
            _ = limit.ended(after: .milliseconds(step % 100), inFlight: 1, now: now)
        }
        #expect(limit.limit == 1_000)
    }
}
