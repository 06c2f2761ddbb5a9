internal import AyaBrain
internal import Testing

@Suite struct ScalingTests {
    static func advice(_ servers: Int, from present: Int) -> CapacityAdvice {
        CapacityAdvice(
            servers: servers, present: present, confidence: 1, reason: "", expiry: 300, demand: 1, seconds: 1,
            perServer: 1)
    }

    @Test func askingAgainAddsNothing() {
        let more = Self.advice(8, from: 5)
        #expect(more.target(standing: 5, least: nil, most: nil) == 8)
        #expect(more.target(standing: 8, least: nil, most: nil) == nil)
        // Somebody else asked for more.
        #expect(more.target(standing: 12, least: nil, most: nil) == nil)
        #expect(more.target(standing: 5, least: 1, most: 7) == 7)
        #expect(more.target(standing: 7, least: 1, most: 7) == nil)
    }

    @Test func thoseOnTheirWayAreNotGivenUpToo() {
        let fewer = Self.advice(8, from: 10)
        #expect(fewer.target(standing: 10, least: nil, most: nil) == 8)
        #expect(fewer.target(standing: 15, least: nil, most: nil) == 13)
        #expect(fewer.target(standing: 9, least: nil, most: nil) == 8)
        #expect(fewer.target(standing: 8, least: nil, most: nil) == nil)
        #expect(fewer.target(standing: 3, least: nil, most: nil) == nil)
        #expect(fewer.target(standing: 10, least: 9, most: nil) == 9)
        #expect(fewer.target(standing: 10, least: 10, most: nil) == nil)
    }

    @Test func failuresArePausedForLongerAndLonger() {
        var pace = ScalingPace()
        #expect(pace.wait(at: 0) == 0)
        var waits: [Double] = []
        for _ in 0..<10 {
            pace.fail(at: 100)
            waits.append(pace.wait(at: 100))
        }
        #expect(waits == [5, 10, 20, 40, 80, 160, 300, 300, 300, 300])
        pace.succeed(at: 100, coolDown: 60)
        #expect(pace.wait(at: 130) == 30 && pace.wait(at: 200) == 0)
        pace.fail(at: 200)
        #expect(pace.wait(at: 200) == 5)
    }

    @Test func whatIsWantedStaysWhileServersComeAndGo() {
        var mind = PoolMindTests.learned()
        mind.configure(CapacityPolicy(least: 1, most: 10, leadTime: 300))
        #expect(mind.wanted == nil)
        // One of four is down: it is still wanted.
        _ = mind.plan(at: 0, servers: 3, known: 4, demand: 100, forecast: PoolMindTests.flat(200), step: 60)
        #expect(mind.wanted == 4)
        let more = mind.plan(at: 60, servers: 4, known: 4, demand: 390, forecast: PoolMindTests.flat(600), step: 60)
        #expect(mind.wanted == more?.servers && (6...7).contains(mind.wanted ?? 0))
        _ = mind.plan(at: 120, servers: 2, known: 4, demand: 390, forecast: PoolMindTests.flat(600), step: 60)
        #expect(mind.wanted == more?.servers)
    }

    @Test func whatFailedIsAskedForAgain() {
        var mind = PoolMindTests.learned()
        mind.configure(CapacityPolicy(least: 1, most: 10, leadTime: 300))
        let first = mind.plan(at: 0, servers: 3, demand: 290, forecast: PoolMindTests.flat(500), step: 60)
        #expect(first != nil)
        #expect(mind.plan(at: 60, servers: 3, demand: 290, forecast: PoolMindTests.flat(500), step: 60) == nil)
        mind.giveUpAsking()
        let again = mind.plan(at: 120, servers: 3, demand: 290, forecast: PoolMindTests.flat(500), step: 60)
        #expect(again?.servers == first?.servers)
    }
}

@Suite struct RiseWatchTests {
    static func points(_ values: [Double]) -> [Forecast.Point] {
        values.map { Forecast.Point(mean: $0, low80: $0, high80: $0, low95: $0, high95: $0) }
    }

    @Test func tellsOfARiseOnce() {
        var watch = RiseWatch()
        #expect(watch.look(demand: 100, forecast: Self.points(Array(repeating: 110, count: 20)), step: 60) == nil)
        let ahead = Self.points((1...20).map { 100 + 10 * Double($0) })
        let rise = watch.look(demand: 100, forecast: ahead, step: 60)
        #expect(rise?.demand == 200 && rise?.seconds == 600 && rise?.isNews == true)
        #expect(watch.look(demand: 110, forecast: ahead, step: 60)?.isNews == false)
        // It is over when it has come.
        #expect(watch.look(demand: 190, forecast: ahead, step: 60) == nil)
        #expect(watch.look(demand: 100, forecast: ahead, step: 60)?.isNews == true)
    }

    @Test func nonsenseIsNoRise() {
        var watch = RiseWatch()
        #expect(watch.look(demand: .nan, forecast: Self.points([1]), step: 60) == nil)
        #expect(watch.look(demand: 1, forecast: [], step: 60) == nil)
        #expect(watch.look(demand: 1, forecast: Self.points([.nan, .infinity]), step: 60) == nil)
        #expect(watch.look(demand: 1, forecast: Self.points([9]), step: 0) == nil)
        // A request a second more is none.
        #expect(watch.look(demand: 0.1, forecast: Self.points([1]), step: 60) == nil)
    }
}
