internal import AyaACME
internal import AyaCore
internal import Testing

@Suite("When certificates are asked for")
struct ScheduleTests {
    @Test func aroundTwoThirdsOfItsTime() {
        var random = RandomSource(seed: 1)
        let window = RenewalWindow(notBefore: 1_000_000, notAfter: 1_000_000 + 90 * 86400)
        for _ in 0..<100 {
            let moment = window.moment(&random)
            #expect((1_000_000 + 56 * 86400...1_000_000 + 63 * 86400).contains(moment))
        }
        #expect(RenewalWindow(start: 5, end: 5).moment(&random) == 5)
    }

    @Test func refusalsStayBelowTheLimitOfAnHour() {
        var random = RandomSource(seed: 2)
        var backoff = Backoff()
        let refusal = ACMEFault(.refused, "no")
        let pauses = (0..<8).map { _ in backoff.fail(refusal, &random) }
        #expect(pauses[0] >= 60 && pauses[0] <= 66)
        // The fifth try comes more than an hour after the first.
        #expect(pauses.prefix(4).reduce(0, +) > 3600)
        #expect(pauses.allSatisfy { $0 <= 4 * 3600 * 11 / 10 })
    }

    @Test func networksAreTriedSooner() {
        var random = RandomSource(seed: 3)
        var backoff = Backoff()
        let fault = ACMEFault(.unreachable, "nobody")
        let pauses = (0..<10).map { _ in backoff.fail(fault, &random) }
        #expect((10...11).contains(pauses[0]) && pauses.allSatisfy { $0 <= 660 })
        backoff.succeed()
        #expect(backoff.fail(fault, &random) <= 11)
        #expect(backoff.fail(ACMEFault(.refused, "limit", retryAfter: 7200), &random) == 7200)
    }

    @Test func times() {
        #expect(WallTime.seconds("1970-01-01T00:00:00Z") == 0)
        #expect(WallTime.seconds("2026-11-22T23:00:00Z") == 1_795_388_400)
        #expect(WallTime.seconds("2024-02-29T12:30:15.123+02:00") == 1_709_202_615)
        for text in ["", "2026-11-22", "2026-13-22T23:00:00Z", "2026-11-22T23:00:00", "2026-11-22T23:00:00.Z"] {
            #expect(WallTime.seconds(text) == nil)
        }
    }
}
