import AyaBalance
import AyaCore
import Testing

/// A pool whose counters a test turns.
private final class Pool {
    var watch: OutlierWatch
    var totals: [OutlierWatch.Totals]
    var now = Instant(nanoseconds: 0)

    init(_ count: Int, _ rule: OutlierRule = OutlierRule()) {
        totals = Array(repeating: OutlierWatch.Totals(), count: count)
        watch = OutlierWatch(serverCount: count, rule: rule, now: now)
    }

    func serve(_ server: Int, good: Int = 0, bad: Int = 0, latency: Interval = .milliseconds(5)) {
        totals[server].successes += good
        totals[server].failures += bad
        totals[server].latency.nanoseconds += latency.nanoseconds * Int64(good)
    }

    func pass(_ time: Interval) -> [OutlierWatch.Change] {
        now = now + time
        let totals = totals
        return watch.look({ totals[$0] }, now: now)
    }
}

@Suite struct OutlierWatchTests {
    @Test func failuresInARowEjectAtTheNextLook() {
        let pool = Pool(4)
        pool.serve(1, bad: 4)
        #expect(pool.pass(.milliseconds(100)) == [])
        pool.serve(1, bad: 1)
        let changes = pool.pass(.milliseconds(100))
        #expect(changes == [.ejected(1, .consecutiveFailures(5), until: pool.now + .seconds(30))])
    }

    @Test func aSuccessEndsAStreak() {
        let pool = Pool(4)
        for _ in 0..<50 {
            pool.serve(1, good: 1, bad: 4)
            #expect(pool.pass(.milliseconds(1)) == [])
        }
    }

    @Test func ejectionsGrowAndAreForgiven() {
        let pool = Pool(4)
        for times in 1...3 {
            pool.serve(0, bad: 5)
            let expected = pool.now + .milliseconds(100) + .seconds(Int64(30 * times))
            #expect(
                pool.pass(.milliseconds(100))
                    == [.ejected(0, .consecutiveFailures(5), until: expected)])
            #expect(pool.pass(.seconds(Int64(30 * times))) == [.returned(0)])
        }
        #expect(pool.watch.ejections(0) == 3)
        for _ in 0..<4 {
            pool.serve(0, good: 10)
            _ = pool.pass(.seconds(10))
        }
        #expect(pool.watch.ejections(0) == 0)
    }

    @Test func ejectionTimeHasALimit() {
        let pool = Pool(3)
        for _ in 0..<20 {
            pool.serve(0, bad: 5)
            guard case .ejected(0, _, let until)? = pool.pass(.milliseconds(100)).first else {
                Issue.record("not ejected")
                return
            }
            #expect(until - pool.now <= .seconds(300))
            _ = pool.pass(until - pool.now)
        }
    }

    @Test func noMoreThanTheShareAndNeverAll() {
        let pool = Pool(6)
        for server in 0..<6 { pool.serve(server, bad: 10) }
        let changes = pool.pass(.milliseconds(100))
        #expect(changes.count == 3)
        #expect(pool.watch.ejectedCount == 3)
        let pair = Pool(2)
        pair.serve(0, bad: 10)
        pair.serve(1, bad: 10)
        let pairChanges = pair.pass(.milliseconds(100))
        #expect(pairChanges.count == 1)
        let single = Pool(1)
        single.serve(0, bad: 100)
        #expect(single.pass(.milliseconds(100)) == [])
        #expect(OutlierRule(maxEjected: 1).mostEjected(of: 5) == 4)
        #expect(OutlierRule(maxEjected: 0).mostEjected(of: 5) == 0)
        #expect(OutlierRule(maxEjected: 0.1).mostEjected(of: 3) == 1)
    }

    @Test func thirtyPercentErrorsAreFound() {
        let pool = Pool(6)
        for server in 0..<6 { pool.serve(server, good: server == 2 ? 70 : 100, bad: server == 2 ? 30 : 0) }
        #expect(
            pool.pass(.seconds(10))
                == [.ejected(2, .errorRate(0.3, others: 0), until: pool.now + .seconds(30))])
        #expect(pool.watch.ejectedUntil(2) == pool.now + .seconds(30))
    }

    @Test func whenAllFailAlikeNobodyIsAnOutlier() {
        let pool = Pool(6)
        for server in 0..<6 { pool.serve(server, good: 60, bad: 40) }
        #expect(pool.pass(.seconds(10)) == [])
    }

    @Test func fewRequestsProveNothing() {
        let pool = Pool(3)
        for server in 0..<3 { pool.serve(server, good: server == 0 ? 13 : 19, bad: server == 0 ? 6 : 0) }
        #expect(pool.pass(.seconds(10)) == [])
        // Enough for a look, but four of twenty may be chance.
        for server in 0..<3 { pool.serve(server, good: server == 0 ? 16 : 20, bad: server == 0 ? 4 : 0) }
        #expect(pool.pass(.seconds(10)) == [])
    }

    @Test func slowServersAreFoundOnRequest() {
        var rule = OutlierRule()
        rule.latency = 3
        let pool = Pool(5, rule)
        for server in 0..<5 {
            pool.serve(server, good: 50, latency: .milliseconds(server == 4 ? 40 : Int64(4 + server)))
        }
        guard case .ejected(4, .latency(let own, let others), _)? = pool.pass(.seconds(10)).first else {
            Issue.record("not ejected")
            return
        }
        #expect(abs(own - 0.04) < 1e-9 && abs(others - 0.005) < 1e-9)
        let off = Pool(5)
        for server in 0..<5 { off.serve(server, good: 50, latency: .milliseconds(server == 4 ? 40 : 5)) }
        #expect(off.pass(.seconds(10)) == [])
    }

    @Test func aReturningServerIsJudgedByAWholeInterval() {
        let pool = Pool(4)
        pool.serve(0, bad: 5)
        _ = pool.pass(.seconds(1))
        #expect(pool.pass(.seconds(30)) == [.returned(0)])
        // Failures while it was out, and in the rest of the interval in which it came back, do not count.
        for server in 0..<4 { pool.serve(server, good: 30, bad: server == 0 ? 30 : 0) }
        #expect(pool.pass(.seconds(9)) == [])
    }

    @Test func whatAWorkerEjectedComesBackToo() {
        let pool = Pool(4)
        #expect(
            pool.watch.ejectedByWorker(3, now: pool.now)
                == .ejected(3, .consecutiveFailures(5), until: pool.now + .seconds(30)))
        #expect(pool.pass(.seconds(30)) == [.returned(3)])
    }

    @Test func aServerThatWasDownAndIsUpAgainReturns() {
        let pool = Pool(4)
        #expect(pool.watch.recovered(0, pool.totals[0]) == nil)
        pool.serve(0, bad: 5)
        _ = pool.pass(.milliseconds(100))
        #expect(pool.watch.recovered(0, pool.totals[0]) == .returned(0))
        #expect(pool.watch.ejectedCount == 0 && pool.watch.ejections(0) == 1)
    }

    @Test func reasonsHaveFigures() {
        #expect("\(OutlierReason.consecutiveFailures(5))" == "5 failures in a row")
        #expect("\(OutlierReason.errorRate(0.314, others: 0))" == "31% of requests failed, others 0%")
        #expect("\(OutlierReason.latency(0.04, others: 0.0052))" == "answers took 40ms on average, others 5.2ms")
    }

    /// Whatever happens, the bounds hold and everybody comes back.
    @Test(arguments: 0..<50) func simulation(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let count = Int.random(in: 1...20, using: &random)
        let pool = Pool(count, OutlierRule(latency: 3, maxEjected: Double.random(in: 0...1, using: &random)))
        var out = Set<Int>()
        for _ in 0..<2_000 {
            for server in 0..<count where !out.contains(server) {
                let bad = server % 3 == 0 ? Int.random(in: 0...3, using: &random) : 0
                pool.serve(
                    server, good: Int.random(in: 0...5, using: &random), bad: bad,
                    latency: .milliseconds(Int64.random(in: 1...(server == 1 ? 100 : 10), using: &random)))
            }
            for change in pool.pass(.milliseconds(500)) {
                switch change {
                case .ejected(let server, _, let until):
                    #expect(out.insert(server).inserted)
                    #expect(until > pool.now && until <= pool.now + .seconds(300))
                case .returned(let server): #expect(out.remove(server) != nil)
                }
            }
            #expect(out.count == pool.watch.ejectedCount)
            #expect(out.count <= pool.watch.rule.mostEjected(of: count))
        }
        _ = pool.pass(.seconds(301))
        #expect(pool.watch.ejectedCount == 0)
    }
}
