internal import AyaBalance
internal import AyaCore
internal import Testing

/// Who is in the choice: tiers, zones, panic, slow start.
@Suite struct PoolViewTests {
    static func eligible(_ pool: PoolView) -> [Int] { (0..<pool.count).filter { pool.isEligible($0) } }

    static func traits(priority: Int = 0, isBackup: Bool = false, isRemote: Bool = false) -> ServerTraits {
        ServerTraits(identity: 1, priority: priority, isBackup: isBackup, isRemote: isRemote)
    }

    @Test func backupsComeLastAndLeaveFirst() {
        let pool = PoolView(servers: [
            Self.traits(isBackup: true), Self.traits(), Self.traits(), Self.traits(priority: 1),
        ])
        #expect(Self.eligible(pool) == [1, 2])
        pool.set(.down, true, on: 1)
        #expect(Self.eligible(pool) == [2])
        pool.set(.ejected, true, on: 2)
        #expect(Self.eligible(pool) == [3])
        pool.set(.draining, true, on: 3)
        #expect(Self.eligible(pool) == [0])
        pool.set(.down, true, on: 0)
        #expect(Self.eligible(pool) == [])
        pool.set(.down, false, on: 1)
        #expect(Self.eligible(pool) == [1])
    }

    /// Servers at their limit are well: backups are no relief for a queue.
    @Test func fullServersKeepTheirTier() {
        let pool = PoolView(servers: [Self.traits(), Self.traits(isBackup: true)])
        pool.set(.full, true, on: 0)
        #expect(Self.eligible(pool) == [])
    }

    @Test func otherZonesJoinWhenTooFewAreLeft() {
        let own = Array(repeating: Self.traits(), count: 4)
        let remote = Array(repeating: Self.traits(isRemote: true), count: 2)
        let pool = PoolView(servers: own + remote, options: .init(spillBelow: 0.7))
        #expect(Self.eligible(pool) == [0, 1, 2, 3])
        pool.set(.down, true, on: 0)
        #expect(Self.eligible(pool) == [1, 2, 3])
        pool.set(.down, true, on: 1)
        #expect(Self.eligible(pool) == [2, 3, 4, 5])
        pool.set(.down, false, on: 0)
        #expect(Self.eligible(pool) == [0, 2, 3])
    }

    @Test func otherZonesNeverJoinAtZeroWhileOneIsLeft() {
        let pool = PoolView(servers: [Self.traits(), Self.traits(isRemote: true)], options: .init(spillBelow: 0))
        #expect(Self.eligible(pool) == [0])
        pool.set(.down, true, on: 0)
        #expect(Self.eligible(pool) == [1])
    }

    @Test func panicIgnoresVerdictsOfTooMany() {
        let pool = PoolView(weights: [1, 1, 1, 1], options: .init(panic: 0.5))
        pool.set(.down, true, on: 0)
        pool.set(.ejected, true, on: 1)
        #expect(Self.eligible(pool) == [2, 3] && !pool.isPanicking)
        pool.set(.down, true, on: 2)
        #expect(Self.eligible(pool) == [0, 1, 2, 3] && pool.isPanicking)
        pool.set(.draining, true, on: 3)
        #expect(Self.eligible(pool) == [0, 1, 2])
        pool.set(.down, false, on: 0)
        pool.set(.down, false, on: 2)
        #expect(Self.eligible(pool) == [0, 2] && !pool.isPanicking)
    }

    /// Where there are backups, they come before disbelief.
    @Test func backupsComeBeforePanic() {
        let pool = PoolView(
            servers: [Self.traits(), Self.traits(), Self.traits(isBackup: true)], options: .init(panic: 0.5))
        pool.set(.down, true, on: 0)
        pool.set(.down, true, on: 1)
        #expect(Self.eligible(pool) == [2] && !pool.isPanicking)
        pool.set(.down, true, on: 2)
        #expect(Self.eligible(pool) == [0, 1, 2] && pool.isPanicking)
    }

    @Test func slowStartRamps() {
        let start = BalancerConformanceTests.start
        let pool = PoolView(weights: [4, 4], options: .init(slowStart: .seconds(10)))
        #expect(pool.shares[0] == 400)
        pool.set(.down, true, on: 0)
        pool.set(.down, false, on: 0)
        #expect(pool.shares[0] == 40)
        pool.tick(start)
        pool.tick(start + .seconds(5))
        #expect(pool.shares[0] == 200)
        pool.setWeight(2, of: 0)
        #expect(pool.shares[0] == 100)
        pool.tick(start + .seconds(11))
        #expect(pool.shares[0] == 200)
        // Being full is no absence.
        pool.set(.full, true, on: 0)
        pool.set(.full, false, on: 0)
        #expect(pool.shares[0] == 200)
    }

    /// Another view of the pool, as a reload makes it, has a server more.
    @Test func newServersWarmUpAndGoOnDoingSo() {
        let start = BalancerConformanceTests.start
        let pool = PoolView(weights: [1, 1], options: .init(slowStart: .seconds(10)))
        pool.greet(1)
        #expect(pool.shares[0] == 100 && pool.shares[1] == 10)
        pool.tick(start)
        pool.tick(start + .seconds(5))
        #expect(pool.shares[1] == 50)
        let next = PoolView(weights: [1, 1, 1], options: .init(slowStart: .seconds(10)))
        next.adoptWarmUp(of: 0, from: pool, at: 0)
        next.adoptWarmUp(of: 1, from: pool, at: 1)
        next.greet(2)
        #expect(next.shares[0] == 100 && next.shares[1] == 50 && next.shares[2] == 10)
        next.tick(start + .seconds(8))
        #expect(next.shares[1] == 80)
        let plain = PoolView(weights: [1, 1])
        plain.greet(1)
        #expect(plain.shares[1] == 100)
    }

    /// Whatever happens in whatever order, the set of eligible servers is what the rules say.
    @Test func eligibleSetFollowsEveryChange() {
        var random = RandomSource(seed: 3)
        let pool = PoolView(
            servers: (0..<40).map { server in
                Self.traits(priority: server % 3, isBackup: server % 7 == 0, isRemote: server % 2 == 1)
            }, options: .init(slowStart: .seconds(1), panic: 0.5))
        let holds: [PoolView.Holds] = [.down, .ejected, .draining, .broken, .outside]
        for round in 0..<20_000 {
            let server = Int.random(in: 0..<40, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 {
                pool.setWeight(Int.random(in: 0...2, using: &random), of: server)
            } else {
                let hold = holds[Int.random(in: 0..<holds.count, using: &random)]
                pool.set(hold, Int.random(in: 0..<3, using: &random) == 0, on: server)
            }
            if round % 50 == 0 { pool.tick(BalancerConformanceTests.start + .milliseconds(Int64(round))) }
            #expect((0..<40).allSatisfy { pool.eligible.contains($0) == pool.isEligible($0) })
            let couldWork = (0..<40).contains { pool.weights[$0] > 0 && pool.holds[$0].subtracting(.standby).isEmpty }
            #expect(!couldWork || !pool.eligible.isEmpty)
        }
    }
}
