import AyaBalance
import AyaCore
import Testing

/// A server whose probes a test answers.
private final class Server {
    private(set) var state = HealthState(now: Instant(nanoseconds: 0))
    private let rule: HealthState.Rule

    init(rise: Int = 2, fall: Int = 3) { rule = HealthState.Rule(rise: rise, fall: fall) }

    func probe(_ isGood: Bool, at second: Int64) -> Bool {
        state.record(isGood: isGood, now: Instant(nanoseconds: second * 1_000_000_000), rule: rule)
    }
}

@Suite struct HealthStateTests {
    private func at(_ second: Int64) -> Instant { Instant(nanoseconds: second * 1_000_000_000) }

    @Test func firstResultDecides() {
        let good = Server()
        #expect(good.state.verdict == .unknown && !good.state.isDown)
        #expect(good.probe(true, at: 1))
        #expect(good.state.verdict == .up && good.state.since == at(1))
        let bad = Server()
        #expect(bad.probe(false, at: 1))
        #expect(bad.state.isDown && bad.state.streak == 1)
    }

    @Test func fallsAfterSoManyInARow() {
        let server = Server()
        _ = server.probe(true, at: 0)
        #expect(!server.probe(false, at: 1))
        #expect(!server.probe(false, at: 2))
        // A good one in between starts the count anew.
        #expect(!server.probe(true, at: 3))
        #expect(!server.probe(false, at: 4))
        #expect(!server.probe(false, at: 5))
        #expect(server.probe(false, at: 6))
        #expect(server.state.isDown && server.state.streak == 3 && server.state.since == at(6))
    }

    @Test func risesAfterSoManyInARow() {
        let server = Server()
        _ = server.probe(false, at: 0)
        #expect(!server.probe(true, at: 1))
        #expect(!server.probe(false, at: 2))
        #expect(!server.probe(true, at: 3))
        #expect(server.probe(true, at: 4))
        #expect(server.state.verdict == .up)
    }

    @Test func rulesBelowOneCountAsOne() {
        let server = Server(rise: 0, fall: -3)
        #expect(server.probe(true, at: 0))
        #expect(server.probe(false, at: 0))
        #expect(server.probe(true, at: 0))
    }
}

@Suite struct ProbeScheduleTests {
    private let now = Instant(nanoseconds: 5_000_000_000)

    @Test func firstProbesAreSoonAndSpread() {
        let schedule = ProbeSchedule(interval: .seconds(2), jitter: 0.1)
        #expect(schedule.first(position: 0, count: 6, now: now) == now)
        #expect(schedule.first(position: 5, count: 6, now: now) == now + .milliseconds(5))
        // Ten thousand servers have an interval, not ten seconds.
        let last = schedule.first(position: 9_999, count: 10_000, now: now)
        #expect(last < now + .seconds(2) && last > now + .milliseconds(1_990))
    }

    @Test func jitterStaysInItsShare() {
        let schedule = ProbeSchedule(interval: .seconds(2), fastInterval: .milliseconds(500), jitter: 0.1)
        var random = RandomSource(seed: 1)
        var seen = Set<Int64>()
        for _ in 0..<1_000 {
            let up = schedule.next(after: now, isDown: false, now: now, random: &random) - now
            #expect(up >= .milliseconds(1_800) && up <= .milliseconds(2_200))
            let down = schedule.next(after: now, isDown: true, now: now, random: &random) - now
            #expect(down >= .milliseconds(450) && down <= .milliseconds(550))
            seen.insert(up.nanoseconds)
        }
        #expect(seen.count > 900)
    }

    @Test func slowProbesDoNotPileUp() {
        let schedule = ProbeSchedule(interval: .milliseconds(100), jitter: 0)
        var random = RandomSource(seed: 1)
        let next = schedule.next(after: now, isDown: false, now: now + .seconds(1), random: &random)
        #expect(next > now + .seconds(1))
    }
}
