internal import AyaBalance
internal import AyaCore
internal import Testing

/// Worlds of a few lines, in which each tactic has latencies of its own.
@Suite struct SelectionTests {
    /// What a request takes under a tactic, in milliseconds, and how likely it fails.
    typealias World = (Tactic) -> (milliseconds: Double, failing: Double)

    /// Picks at 1,000 a second; the tactics are asked of the selection as `auto` does.
    struct Run {
        var selection: Selection
        var random: RandomSource
        var now = Instant(nanoseconds: 1_000_000_000)
        var trials = 0
        var picks = 0

        init(seed: UInt64 = 1) {
            selection = Selection(servers: 4)
            random = RandomSource(seed: seed)
        }

        mutating func go(seconds: Int, key: UInt64 = 0, _ world: World) {
            for _ in 0..<seconds * 1_000 {
                now = Instant(nanoseconds: now.nanoseconds + 1_000_000)
                let (tactic, isTrial) = selection.next(PickRequest(key: key, now: now), &random)
                picks += 1
                if isTrial {
                    trials += 1
                    selection.began(tactic, on: 1, now)
                }
                let chance = { (random: inout RandomSource) in Double(random.next() >> 11) * 0x1p-53 }
                let (milliseconds, failing) = world(tactic)
                // Spread over a factor of nine, so that chance has its say.
                let latency = milliseconds * (0.33 + 2.67 * chance(&random))
                let isFailure = chance(&random) < failing
                selection.observe(
                    isTrial ? 1 : 0,
                    Observation(
                        isFailure ? .failure : .success, latency: Interval(nanoseconds: Int64(latency * 1e6)), now: now,
                        began: now))
            }
        }
    }

    @Test func staysWhereNothingIsBetter() {
        for seed in 1...5 as ClosedRange<UInt64> {
            var run = Run(seed: seed)
            run.go(seconds: 600) { _ in (10, 0) }
            #expect(run.selection.tactic == .soonest && run.selection.change == nil)
            // No more than about one in a hundred tries something else.
            #expect((0.005...0.0125).contains(Double(run.trials) / Double(run.picks)))
        }
    }

    @Test func changesToWhatIsBetterAndSaysWhy() throws {
        var run = Run()
        run.go(seconds: 200) { ($0 == .leastConnections ? 10 : 20, 0) }
        #expect(run.selection.tactic == .leastConnections)
        let change = try #require(run.selection.change)
        #expect(change.from == .soonest && change.to == .leastConnections)
        #expect(change.p99.to < 0.7 * change.p99.from && change.samples >= 30)
        // And back, when that turns.
        run.go(seconds: 300) { ($0 == .leastConnections ? 40 : 20, 0) }
        #expect(run.selection.tactic != .leastConnections)
    }

    @Test func errorsAreWorseThanWaiting() {
        var run = Run()
        run.go(seconds: 300) { ($0 == .roundRobin ? 1 : 20, $0 == .roundRobin ? 0.5 : 0) }
        #expect(run.selection.tactic == .soonest)
    }

    @Test func triesLittleOfWhatIsBad() {
        var run = Run()
        run.go(seconds: 100) { ($0 == .soonest ? 10 : 200, 0) }
        run.trials = 0
        run.picks = 0
        run.go(seconds: 100) { ($0 == .soonest ? 10 : 200, 0) }
        #expect(Double(run.trials) / Double(run.picks) < 0.003)
    }

    @Test func placesByKeyOnlyWhereThereIsOne() {
        var run = Run()
        run.go(seconds: 300) { ($0 == .consistentHash ? 1 : 20, 0) }
        #expect(run.selection.tactic == .soonest)
        run.go(seconds: 300, key: 7) { ($0 == .consistentHash ? 1 : 20, 0) }
        #expect(run.selection.tactic == .consistentHash)
    }

    /// Someone who cannot tell trials from other requests makes all of them slow and failing, now and then.
    @Test func burstsThatHitAllAlikeChangeNothing() {
        var run = Run()
        for round in 0..<60 {
            run.go(seconds: 10) { _ in round % 2 == 0 ? (10, 0) : (300, 0.4) }
        }
        #expect(run.selection.tactic == .soonest)
    }
}
