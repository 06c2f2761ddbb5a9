internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct LeastConnectionsTests {
    /// Against the definition: no eligible server has less in flight for its weight than the one picked.
    @Test func picksAMinimum() {
        var random = RandomSource(seed: 4)
        let weights = (0..<50).map { 1 + $0 % 5 }
        let pool = PoolView(weights: weights)
        let balancer = LeastConnections(pool)
        pool.balancer = balancer
        var running: [Int] = []
        for _ in 0..<20_000 {
            if Int.random(in: 0..<20, using: &random) == 0 {
                pool.set(.down, Bool.random(using: &random), on: Int.random(in: 0..<50, using: &random))
            }
            if !running.isEmpty, Int.random(in: 0..<100, using: &random) < 48 {
                pool.end(running.remove(at: Int.random(in: running.indices, using: &random)))
                continue
            }
            guard let pick = balancer.pick(pool, BalancerConformanceTests.request, excluding: .none, random: &random)
            else { continue }
            for other in 0..<50 where pool.isEligible(other) {
                #expect(pool.inFlight[pick] * weights[other] <= pool.inFlight[other] * weights[pick])
            }
            pool.begin(pick)
            running.append(pick)
        }
    }

    @Test func idlePoolTakesTurns() {
        let pool = PoolView(weights: [1, 1, 1, 1])
        let balancer = LeastConnections(pool)
        pool.balancer = balancer
        #expect(BalancerConformanceTests.shares(pool, balancer, picks: 400) == [100, 100, 100, 100])
    }

    /// A server that was busy for long gets no burst of the turns it missed.
    @Test func longWorkIsNoCredit() {
        let pool = PoolView(weights: [1, 1, 1])
        let balancer = LeastConnections(pool)
        pool.balancer = balancer
        pool.begin(0)
        #expect(BalancerConformanceTests.shares(pool, balancer, picks: 1_000)[0] == 0)
        pool.end(0)
        let after = BalancerConformanceTests.shares(pool, balancer, picks: 30)
        #expect(abs(after[0] - 10) <= 1, "\(after)")
    }

    @Test func excludedMinimumGivesTheNext() {
        let pool = PoolView(weights: Array(repeating: 1, count: 20))
        let balancer = LeastConnections(pool)
        pool.balancer = balancer
        for server in 0..<20 { for _ in 0..<server { pool.begin(server) } }
        var random = RandomSource(seed: 1)
        for count in 0..<20 {
            #expect(
                balancer.pick(
                    pool, BalancerConformanceTests.request, excluding: ExcludedServers(0..<count), random: &random)
                    == count)
        }
    }
}
