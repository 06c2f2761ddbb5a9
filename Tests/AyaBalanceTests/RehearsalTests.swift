internal import AyaBalance
internal import AyaCore
internal import Testing

/// A rehearsed pick is the one that comes next, and changes nothing.
@Suite struct RehearsalTests {
    @Test(arguments: BalancerKind.allCases) func theNextPickIsForetold(kind: BalancerKind) throws {
        let view = PoolView(weights: [1, 2, 3, 1, 5])
        let balancer = kind.makeBalancer(for: view)
        var random = RandomSource(seed: 7)
        var load: [Int] = []
        for round in 0..<500 {
            let now = Instant(nanoseconds: Int64(round) * 1_000_000)
            let request = PickRequest(key: UInt64(round), now: now)
            let copy = try #require(balancer.rehearsal(), "every balancer of ours can rehearse")
            var chance = random
            let foretold = copy.pick(view, request, excluding: .none, random: &chance)
            // More of them, with other chances, leave the balancer as it is.
            var other = RandomSource(seed: UInt64(round))
            _ = balancer.rehearsal()?.pick(view, request, excluding: .none, random: &other)
            let picked = balancer.pick(view, request, excluding: .none, random: &random)
            #expect(foretold == picked)
            guard let picked else { continue }
            view.begin(picked)
            load.append(picked)
            if load.count > 6 {
                let done = load.removeFirst()
                view.end(done, Observation(.success, latency: .milliseconds(Int64(done + 1)), now: now))
            }
        }
    }

    @Test(arguments: BalancerKind.allCases) func costsAreThereWhereServersAreCompared(kind: BalancerKind) {
        let view = PoolView(weights: [1, 1])
        let balancer = kind.makeBalancer(for: view)
        let now = Instant(nanoseconds: 1_000_000_000)
        view.begin(0)
        let costs = (0..<2).map { balancer.cost(view, $0, now: now) }
        #expect((costs[0] != nil) == (kind.costUnit != nil))
        if let busy = costs[0], let idle = costs[1] { #expect(busy > idle) }
    }
}
