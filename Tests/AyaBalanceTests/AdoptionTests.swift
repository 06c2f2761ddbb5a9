internal import AyaBalance
internal import AyaCore
internal import Testing

/// A pool whose configuration changed goes on with what was learned of its servers.
@Suite struct AdoptionTests {
    private static func now(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    /// How often each of two servers is picked, when nothing is in flight.
    private static func picks(_ balancer: any Balancer, _ view: PoolView, at now: Instant) -> [Int] {
        var random = RandomSource(seed: 7)
        var counts = [0, 0]
        for _ in 0..<200 {
            if let server = balancer.pick(view, PickRequest(now: now), excluding: .none, random: &random) {
                counts[server] += 1
            }
        }
        return counts
    }

    @Test(arguments: [BalancerKind.auto, .peakEWMA, .leastResponseTime])
    func theSlowServerIsKnownAtItsNewPosition(kind: BalancerKind) {
        let before = PoolView(weights: [1, 1, 1])
        let teacher = kind.makeBalancer(for: before)
        // The last of three is slow; the first will be gone.
        for round in 0..<100 {
            for (server, latency) in [(1, 10), (2, 400)] {
                let observation = Observation(
                    .success, latency: .milliseconds(Int64(latency)), now: Self.now(Int64(round) * 10))
                before.begin(server)
                before.end(server, observation)
                teacher.observed(before, server: server, observation)
            }
        }
        let after = PoolView(weights: [1, 1])
        let heir = kind.makeBalancer(for: after)
        heir.adopt(after, server: 0, from: teacher, at: 2)
        heir.adopt(after, server: 1, from: teacher, at: 1)
        let counts = Self.picks(heir, after, at: Self.now(1_000))
        #expect(counts[1] > counts[0] * 3, "\(counts)")
    }

    @Test func anotherKindHasNothingToTell() {
        let view = PoolView(weights: [1, 1])
        let heir = BalancerKind.auto.makeBalancer(for: view)
        heir.adopt(view, server: 0, from: BalancerKind.roundRobin.makeBalancer(for: view), at: 1)
        let counts = Self.picks(heir, view, at: Self.now(1))
        #expect(counts[0] > 50 && counts[1] > 50)
    }
}
