internal import AyaBrain
internal import Testing

@Suite struct PoolMindTests {
    /// Three servers that carry 100/s each, seen from 10 to 120/s.
    static func learned() -> PoolMind {
        var mind = PoolMind()
        for round in 0..<400 {
            let load = 10 + Double(round % 111)
            let latency = load < 100 ? 0.02 : 0.02 + 0.01 * (load - 100)
            let intervals = ["a", "b", "c"].map {
                ServerInterval(server: $0, attempts: 10 * load, failures: 0, latency: latency)
            }
            _ = mind.observe(intervals, seconds: 10)
        }
        return mind
    }

    static func flat(_ demand: Double) -> Forecast {
        let point = Forecast.Point(
            mean: demand, low80: demand, high80: demand, low95: demand, high95: demand)
        return Forecast(points: Array(repeating: point, count: 60), voices: [], levelChange: nil)
    }

    @Test func learnsWhatAServerCarries() throws {
        let estimate = try #require(Self.learned().curve.estimate)
        #expect(estimate.isSeen && (92...112).contains(estimate.throughput), "\(estimate)")
    }

    @Test func asksOnceForWhatIsOnItsWay() throws {
        var mind = Self.learned()
        mind.configure(CapacityPolicy(least: 1, most: 10, leadTime: 300))
        let first = mind.plan(at: 0, servers: 3, demand: 290, forecast: Self.flat(500), step: 60)
        #expect(first?.servers == 5 || first?.servers == 6)
        let wanted = first?.servers ?? 0
        // They have not come yet, and are not asked for again.
        #expect(mind.plan(at: 60, servers: 3, demand: 290, forecast: Self.flat(500), step: 60) == nil)
        // After two lead times they are not believed in any more.
        #expect(mind.plan(at: 700, servers: 3, demand: 290, forecast: Self.flat(500), step: 60)?.servers == wanted)
    }

    @Test func seesSaturationComing() throws {
        let mind = Self.learned()
        var forecast = Self.flat(200)
        for step in 30..<60 { forecast.points[step].high80 = 600 }
        let full = try #require(mind.saturation(servers: 3, forecast: forecast, step: 60))
        #expect(full.seconds == 31 * 60 && full.demand == 600)
        #expect(mind.saturation(servers: 3, forecast: Self.flat(200), step: 60) == nil)
        #expect(PoolMind().saturation(servers: 3, forecast: forecast, step: 60) == nil)
    }

    @Test func knowsHowItsForecastsFared() throws {
        var mind = PoolMind()
        mind.note(Self.flat(100), at: 0, step: 60, history: [100])
        #expect(mind.record.relativeError == nil)
        mind.note(Self.flat(100), at: 240, step: 60, history: [100, 100, 80, .nan, 125])
        let error = try #require(mind.record.relativeError)
        #expect(mind.record.outcomes == 3 && abs(error - (0 + 0.25 + 0.2) / 3) < 1e-9)
        #expect(mind.record.coverage80 == 1.0 / 3)
    }
}
