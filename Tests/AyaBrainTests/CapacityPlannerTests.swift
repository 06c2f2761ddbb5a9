internal import AyaBrain
internal import Testing

@Suite struct CapacityPlannerTests {
    static let each = CapacityCurve.Estimate(throughput: 100, isSeen: true, quietLatency: 0.02, confidence: 0.9)

    static func policy(_ change: (inout CapacityPolicy) -> Void = { _ in }) -> CapacityPolicy {
        var policy = CapacityPolicy(least: 2, most: 20, leadTime: 300)
        change(&policy)
        return policy
    }

    /// A forecast of steps of a minute, with bounds a tenth wide.
    static func situation(
        _ time: Double, servers: Int, demand: Double, ahead: (Int) -> Double,
        capacity: CapacityCurve.Estimate = each
    ) -> CapacityPlanner.Situation {
        let points = (1...20).map { step in
            let mean = ahead(step)
            return Forecast.Point(
                mean: mean, low80: 0.9 * mean, high80: 1.1 * mean, low95: 0.8 * mean, high95: 1.2 * mean)
        }
        return CapacityPlanner.Situation(
            time: time, servers: servers, demand: demand, forecast: points, step: 60, capacity: capacity)
    }

    @Test func asksForServersBeforeTheyAreNeeded() throws {
        var planner = CapacityPlanner(Self.policy())
        // 500/s now, 900/s in six minutes, when a server that is asked for now has just come.
        let told = planner.advise(Self.situation(0, servers: 6, demand: 500) { $0 >= 6 ? 900 : 500 })
        let advice = try #require(told)
        #expect(advice.servers == 11 && advice.present == 6 && advice.confidence == 0.9)
        #expect(advice.reason.contains("1035/s within 360 s") && advice.reason.contains("100/s"))
    }

    @Test func leavesAloneWhatIsEnough() {
        var planner = CapacityPlanner(Self.policy())
        #expect(planner.advise(Self.situation(0, servers: 8, demand: 600) { _ in 600 }) == nil)
    }

    @Test func givesServersUpSlowlyAndLate() throws {
        var planner = CapacityPlanner(Self.policy())
        var servers = 12
        var changes: [(minute: Int, servers: Int)] = []
        for minute in 0..<60 {
            let advice = planner.advise(Self.situation(60 * Double(minute), servers: servers, demand: 200) { _ in 200 })
            guard let advice else { continue }
            servers = advice.servers
            changes.append((minute, servers))
        }
        #expect(changes.first?.minute == 15, "\(changes)")
        // A fifth at a time, down to what is enough with room to spare.
        #expect(changes.first?.servers == 10 && servers == 3, "\(changes)")
    }

    @Test func givesNothingUpBeforeARise() {
        var planner = CapacityPlanner(Self.policy())
        for minute in 0..<60 {
            let situation = Self.situation(60 * Double(minute), servers: 10, demand: 200) { $0 > 12 ? 850 : 200 }
            #expect(planner.advise(situation) == nil, "\(minute)")
        }
    }

    @Test func keepsToItsBounds() {
        var planner = CapacityPlanner(Self.policy())
        var servers = 2
        for minute in 0..<60 {
            let wanted = planner.advise(
                Self.situation(60 * Double(minute), servers: servers, demand: 1e9) { _ in 1e9 })?.servers
            // No more than twice as many within a lead time.
            if let wanted { #expect(wanted <= 20 && wanted <= max(3, 2 * servers)) }
            servers = wanted ?? servers
        }
        #expect(servers == 20)
    }

    @Test func costDecidesHowMuchDoubtIsProvidedFor() throws {
        let wanted = try [0, 0.5, 1].map { weight in
            var planner = CapacityPlanner(Self.policy { $0.costWeight = weight })
            let told = planner.advise(Self.situation(0, servers: 8, demand: 500) { _ in 1_000 })
            return try #require(told).servers
        }
        #expect(wanted == [12, 11, 10])
    }

    @Test func doubtReachesLittleBeyondWhatCame() throws {
        func wanted(_ highest: Double?, mean: Double) throws -> Int {
            var planner = CapacityPlanner(Self.policy { $0.most = 100 })
            var situation = Self.situation(0, servers: 8, demand: 500) { _ in mean }
            for step in situation.forecast.indices { situation.forecast[step].high95 = 10 * mean }
            for step in situation.forecast.indices { situation.forecast[step].high80 = 5 * mean }
            situation.highest = highest
            let told = planner.advise(situation)
            return try #require(told).servers
        }
        #expect(try wanted(nil, mean: 600) == 16)
        #expect(try wanted(1_000, mean: 600) == 12)
        // A rise beyond anything that came is believed when it is what is expected.
        #expect(try wanted(1_000, mean: 1_100) == 15)
    }

    /// Someone floods the pool for ten minutes of every hour: what that costs is bounded, and passes.
    @Test func floodsCostABoundedDetour() {
        var planner = CapacityPlanner(Self.policy { $0.most = 200 })
        var servers = 5
        var most = 0
        for minute in 0..<360 {
            let isFlood = minute % 60 < 10
            let demand = isFlood ? 1e7 : 400
            // The forecast believes what it sees.
            let advice = planner.advise(
                Self.situation(60 * Double(minute), servers: servers, demand: demand) { _ in demand })
            servers = advice?.servers ?? servers
            most = max(most, servers)
        }
        // Two doublings, since a lead time of five minutes fits into each flood twice.
        #expect(most <= 5 * 2 * 2 * 2, "\(most)")
        #expect(servers <= 12, "\(servers)")
    }

    @Test func nonsenseGivesNoAdvice() {
        var planner = CapacityPlanner(Self.policy())
        let bad = CapacityCurve.Estimate(throughput: .nan, isSeen: true, quietLatency: 0, confidence: 1)
        #expect(planner.advise(Self.situation(0, servers: 3, demand: .nan) { _ in 1 }) == nil)
        #expect(planner.advise(Self.situation(.infinity, servers: 3, demand: 1) { _ in 1 }) == nil)
        #expect(planner.advise(Self.situation(0, servers: 3, demand: 1, ahead: { _ in 1 }, capacity: bad)) == nil)
        #expect(planner.advise(Self.situation(0, servers: 3, demand: 100) { _ in .nan }) == nil)
        // The clock was set back a day.
        _ = planner.advise(Self.situation(100_000, servers: 3, demand: 1) { _ in 1 })
        #expect(planner.advise(Self.situation(10, servers: 3, demand: 1) { _ in 1 }) == nil)
    }
}
