internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct RoundRobinTests {
    static func picks(_ weights: [Int], _ count: Int) -> [Int] {
        let pool = PoolView(weights: weights)
        let balancer = RoundRobin(pool)
        pool.balancer = balancer
        var random = RandomSource(seed: 1)
        return (0..<count).compactMap { _ in
            balancer.pick(pool, BalancerConformanceTests.request, excluding: .none, random: &random)
        }
    }

    @Test func equalWeightsTakeTurnsInOrder() {
        #expect(Self.picks([1, 1, 1], 7) == [0, 1, 2, 0, 1, 2, 0])
        #expect(Self.picks([4, 4, 0, 4], 7) == [0, 1, 3, 0, 1, 3, 0])
    }

    /// Smooth: in every window of any length, each server's picks are within two of its share.
    @Test(arguments: [[5, 1, 1], [1, 2, 3, 4, 5, 6, 7], [100, 1], [3, 3, 2], [50, 30, 20, 1, 1, 1, 1]])
    func everyWindowIsWithinTwoOfTheShare(weights: [Int]) {
        let total = weights.reduce(0, +)
        let picks = Self.picks(weights, 4 * total)
        for (server, weight) in weights.enumerated() {
            var prefix = [0]
            for pick in picks { prefix.append(prefix[prefix.count - 1] + (pick == server ? 1 : 0)) }
            for length in [3, total / 2, total, 2 * total] where length > 0 {
                let share = Double(length * weight) / Double(total)
                for start in 0...(picks.count - length) {
                    let got = Double(prefix[start + length] - prefix[start])
                    #expect(abs(got - share) < 2.01, "\(weights) server \(server): \(got) of \(share) in \(length)")
                }
            }
        }
    }

    /// nginx's smooth sequence for 5, 1, 1 has runs of four over its cycle's end; so bursts are no longer than that.
    @Test func heavyServerDoesNotComeInBursts() {
        let picks = Self.picks([5, 1, 1], 700)
        var run = 0
        var longest = 0
        for pick in picks {
            run = pick == 0 ? run + 1 : 0
            longest = max(longest, run)
        }
        #expect(longest <= 4)
    }

    @Test func excludedServersKeepTheirPlaceOfOthers() {
        let pool = PoolView(weights: [1, 1, 1])
        let balancer = RoundRobin(pool)
        var random = RandomSource(seed: 1)
        #expect(
            balancer.pick(pool, BalancerConformanceTests.request, excluding: ExcludedServers([0, 1]), random: &random)
                == 2)
        #expect(balancer.pick(pool, BalancerConformanceTests.request, excluding: .none, random: &random) == 0)
    }

    @Test func weightsMayChangeWhileRunning() {
        let pool = PoolView(weights: [1, 1])
        let balancer = RoundRobin(pool)
        pool.balancer = balancer
        #expect(BalancerConformanceTests.shares(pool, balancer, picks: 100) == [50, 50])
        pool.setWeight(3, of: 1)
        let weighted = BalancerConformanceTests.shares(pool, balancer, picks: 400)
        #expect(abs(weighted[1] - 300) <= 2)
        pool.setWeight(1, of: 1)
        #expect(BalancerConformanceTests.shares(pool, balancer, picks: 100) == [50, 50])
    }
}
