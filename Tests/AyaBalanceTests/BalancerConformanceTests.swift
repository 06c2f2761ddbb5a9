internal import AyaBalance
internal import AyaCore
internal import Testing

/// What every balancer must do, whatever its idea: one suite over all of them.
@Suite struct BalancerConformanceTests {
    /// Picks, works for no time and ends.
    static func shares(_ pool: PoolView, _ balancer: any Balancer, picks: Int, seed: UInt64 = 1) -> [Int] {
        var counts = Array(repeating: 0, count: pool.count)
        var random = RandomSource(seed: seed)
        for _ in 0..<picks {
            let key = random.next()
            guard
                let server = balancer.pick(
                    pool, PickRequest(key: key, now: Instant(nanoseconds: 0)), excluding: .none, random: &random)
            else { continue }
            counts[server] += 1
            pool.begin(server)
            pool.end(server)
        }
        return counts
    }

    @Test(arguments: BalancerKind.allCases) func sharesByWeight(kind: BalancerKind) {
        let weights = [5, 1, 0, 3, 1]
        let pool = PoolView(weights: weights)
        let counts = Self.shares(pool, kind.makeBalancer(for: pool), picks: 10_000)
        for (count, weight) in zip(counts, weights) { #expect(abs(count - weight * 1_000) <= 50, "\(counts)") }
    }

    @Test(arguments: BalancerKind.allCases) func sharesEquallyUnderLoad(kind: BalancerKind) {
        let pool = PoolView(weights: Array(repeating: 1, count: 10))
        let balancer = kind.makeBalancer(for: pool)
        var random = RandomSource(seed: 7)
        var counts = Array(repeating: 0, count: 10)
        var running: [Int] = []
        for _ in 0..<10_000 {
            if let server = balancer.pick(
                pool, PickRequest(key: random.next(), now: Instant(nanoseconds: 0)), excluding: .none, random: &random)
            {
                counts[server] += 1
                pool.begin(server)
                running.append(server)
            }
            if running.count > 37 {
                pool.end(running.remove(at: Int.random(in: running.indices, using: &random)))
            }
        }
        for count in counts { #expect((800...1_200).contains(count), "\(counts)") }
    }

    @Test(arguments: BalancerKind.allCases) func neverPicksWhatIsHeldOrExcluded(kind: BalancerKind) {
        let pool = PoolView(weights: (0..<70).map { $0 % 4 })
        let balancer = kind.makeBalancer(for: pool)
        var random = RandomSource(seed: 42)
        var running: [Int] = []
        for _ in 0..<20_000 {
            let server = Int.random(in: 0..<70, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: pool.set(.down, Bool.random(using: &random), on: server)
            case 1: pool.set(.full, Bool.random(using: &random), on: server)
            case 2: pool.setWeight(Int.random(in: 0...3, using: &random), of: server)
            case 3: if let last = running.popLast() { pool.end(last) }
            default:
                var excluded = ExcludedServers()
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    excluded.insert(Int.random(in: 0..<70, using: &random))
                }
                let left = (0..<70).contains { pool.isEligible($0) && !excluded.contains($0) }
                let pick = balancer.pick(
                    pool, PickRequest(key: random.next(), now: Instant(nanoseconds: 0)), excluding: excluded,
                    random: &random)
                #expect((pick != nil) == left)
                guard let pick else { continue }
                #expect(pool.isEligible(pick) && !excluded.contains(pick))
                pool.begin(pick)
                running.append(pick)
            }
        }
    }

    @Test(arguments: BalancerKind.allCases) func nothingLeftIsNil(kind: BalancerKind) {
        var random = RandomSource(seed: 1)
        let empty = PoolView(weights: [])
        #expect(
            kind.makeBalancer(for: empty).pick(
                empty, PickRequest(now: Instant(nanoseconds: 0)), excluding: .none, random: &random) == nil)
        let pool = PoolView(weights: [1, 2, 3])
        let balancer = kind.makeBalancer(for: pool)
        #expect(
            balancer.pick(
                pool, PickRequest(now: Instant(nanoseconds: 0)), excluding: ExcludedServers(0..<3), random: &random)
                == nil)
        for server in 0..<3 { pool.set(.draining, true, on: server) }
        #expect(
            balancer.pick(pool, PickRequest(now: Instant(nanoseconds: 0)), excluding: .none, random: &random) == nil)
        pool.set(.draining, false, on: 1)
        #expect(balancer.pick(pool, PickRequest(now: Instant(nanoseconds: 0)), excluding: .none, random: &random) == 1)
    }

    @Test(arguments: BalancerKind.allCases) func sameSeedSamePicks(kind: BalancerKind) {
        func run() -> [Int] {
            let pool = PoolView(weights: [3, 1, 2, 2])
            return Self.shares(pool, kind.makeBalancer(for: pool), picks: 1_001, seed: 9)
        }
        #expect(run() == run())
    }

    /// A server that comes back gets its share from then on: no burst to make up for its absence, no starvation.
    @Test(arguments: BalancerKind.allCases) func returningServerGetsItsShareOnly(kind: BalancerKind) {
        for weights in [[1, 1, 1, 1], [1, 2, 3, 4]] {
            let pool = PoolView(weights: weights)
            let balancer = kind.makeBalancer(for: pool)
            pool.set(.down, true, on: 0)
            #expect(Self.shares(pool, balancer, picks: 10_000)[0] == 0)
            pool.set(.down, false, on: 0)
            let total = weights.reduce(0, +)
            let counts = Self.shares(pool, balancer, picks: 10 * total)
            #expect(abs(counts[0] - 10 * weights[0]) <= 2, "\(counts)")
        }
    }
}
