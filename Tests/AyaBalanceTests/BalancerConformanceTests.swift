internal import AyaBalance
internal import AyaCore
internal import Testing

/// What every balancer must do, whatever its idea: one suite over all of them.
@Suite struct BalancerConformanceTests {
    static let start = Instant(nanoseconds: 1_000_000_000)
    static let request = PickRequest(now: start)

    /// Picks, works for no time and ends; one millisecond lies between two picks.
    static func shares(_ pool: PoolView, _ balancer: any Balancer, picks: Int, seed: UInt64 = 1) -> [Int] {
        var counts = Array(repeating: 0, count: pool.count)
        var random = RandomSource(seed: seed)
        var now = start
        for _ in 0..<picks {
            now = now + .milliseconds(1)
            let request = PickRequest(key: random.next(), now: now)
            guard let server = balancer.pick(pool, request, excluding: .none, random: &random) else { continue }
            counts[server] += 1
            pool.begin(server)
            pool.end(server)
        }
        return counts
    }

    /// What may lie between a share and the count of so many picks: balancers that take turns are exact, chance has
    /// its statistics (four standard deviations), and the points of a ring stand unevenly.
    static func tolerance(_ kind: BalancerKind, share: Double, picks: Int) -> Double {
        let chance = 4 * (Double(picks) * share * (1 - share)).squareRoot()
        switch kind {
        case .roundRobin, .weightedRoundRobin, .leastConnections, .weightedLeastConnections, .resource, .auto,
            .leastResponseTime:
            return 0.005 * Double(picks)
        case .random, .powerOfTwo, .peakEWMA, .prequal, .sourceIPHash, .maglev: return chance
        case .consistentHash: return chance + 0.25 * share * Double(picks)
        }
    }

    @Test(arguments: BalancerKind.allCases) func sharesByWeight(kind: BalancerKind) {
        let weights = [5, 1, 0, 3, 1]
        let pool = PoolView(weights: weights)
        let counts = Self.shares(pool, kind.makeBalancer(for: pool), picks: 10_000)
        for (count, weight) in zip(counts, weights) {
            let tolerance = Self.tolerance(kind, share: Double(weight) / 10, picks: 10_000)
            #expect(abs(Double(count - weight * 1_000)) <= tolerance, "\(counts)")
        }
    }

    @Test(arguments: BalancerKind.allCases) func sharesEquallyUnderLoad(kind: BalancerKind) {
        let pool = PoolView(weights: Array(repeating: 1, count: 10))
        let balancer = kind.makeBalancer(for: pool)
        var random = RandomSource(seed: 7)
        var counts = Array(repeating: 0, count: 10)
        var running: [Int] = []
        for _ in 0..<10_000 {
            let request = PickRequest(key: random.next(), now: Self.start)
            if let server = balancer.pick(pool, request, excluding: .none, random: &random) {
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

    /// Whatever happens to servers, in whatever order, with outcomes of all kinds.
    @Test(arguments: BalancerKind.allCases) func neverPicksWhatIsHeldOrExcluded(kind: BalancerKind) {
        let pool = PoolView(weights: (0..<70).map { $0 % 4 }, options: .init(slowStart: .milliseconds(500)))
        let balancer = kind.makeBalancer(for: pool)
        var random = RandomSource(seed: 42)
        var running: [Int] = []
        var now = Self.start
        let outcomes: [Observation.Outcome] = [.success, .failure, .abandoned]
        for _ in 0..<20_000 {
            now = now + .milliseconds(1)
            let server = Int.random(in: 0..<70, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0: pool.set(.down, Bool.random(using: &random), on: server)
            case 1: pool.set(.full, Bool.random(using: &random), on: server)
            case 2: pool.setWeight(Int.random(in: 0...3, using: &random), of: server)
            case 3:
                guard let last = running.popLast() else { continue }
                let latency = Interval.milliseconds(Int64.random(in: 0...100, using: &random))
                let outcome = outcomes[Int.random(in: 0..<3, using: &random)]
                pool.end(last, Observation(outcome, latency: latency, now: now))
            case 4: pool.setForeign(Int.random(in: 0...9, using: &random), of: server)
            case 5: pool.report(LoadReport(cpu: Double.random(in: 0...2, using: &random)), of: server, now: now)
            case 6:
                let load = Int.random(in: 0...9, using: &random)
                balancer.probed(pool, server: server, inFlight: load, latency: .milliseconds(5), now: now)
            case 7: pool.tick(now)
            default:
                var excluded = ExcludedServers()
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    excluded.insert(Int.random(in: 0..<70, using: &random))
                }
                let left = (0..<70).contains { pool.isEligible($0) && !excluded.contains($0) }
                let request = PickRequest(key: random.next(), now: now)
                let pick = balancer.pick(pool, request, excluding: excluded, random: &random)
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
        let request = PickRequest(now: Self.start)
        let empty = PoolView(weights: [])
        #expect(kind.makeBalancer(for: empty).pick(empty, request, excluding: .none, random: &random) == nil)
        let pool = PoolView(weights: [1, 2, 3])
        let balancer = kind.makeBalancer(for: pool)
        #expect(balancer.pick(pool, request, excluding: ExcludedServers(0..<3), random: &random) == nil)
        for server in 0..<3 { pool.set(.draining, true, on: server) }
        #expect(balancer.pick(pool, request, excluding: .none, random: &random) == nil)
        pool.set(.draining, false, on: 1)
        #expect(balancer.pick(pool, request, excluding: .none, random: &random) == 1)
    }

    @Test(arguments: BalancerKind.allCases) func oneServerGetsAll(kind: BalancerKind) {
        let pool = PoolView(weights: [7])
        #expect(Self.shares(pool, kind.makeBalancer(for: pool), picks: 100) == [100])
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
            let share = Double(weights[0]) / Double(total)
            let tolerance = max(2, Self.tolerance(kind, share: share, picks: 10 * total))
            #expect(abs(Double(counts[0] - 10 * weights[0])) <= tolerance, "\(counts)")
        }
    }

    /// A server in slow start has a tenth of its share at first and the whole of it after the window.
    @Test(arguments: BalancerKind.allCases) func slowStartGrows(kind: BalancerKind) {
        let pool = PoolView(weights: Array(repeating: 1, count: 4), options: .init(slowStart: .seconds(10)))
        let balancer = kind.makeBalancer(for: pool)
        pool.set(.down, true, on: 0)
        pool.set(.down, false, on: 0)
        pool.tick(Self.start)
        let first = Self.shares(pool, balancer, picks: 6_200)[0]
        pool.tick(Self.start + .seconds(5))
        let half = Self.shares(pool, balancer, picks: 7_000)[0]
        pool.tick(Self.start + .seconds(10))
        let whole = Self.shares(pool, balancer, picks: 8_000)[0]
        // Bounded loads cannot be told apart when nothing is under way.
        guard kind != .consistentHash else { return }
        #expect((120...280).contains(first), "\(first)")
        #expect((850...1_150).contains(half), "\(half)")
        #expect((1_850...2_150).contains(whole), "\(whole)")
    }
}
