internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

@Suite struct CapacityCurveTests {
    /// One server of so many places: latency by Sakasegawa's formula, which real queues keep to within some per cent.
    static func latency(at load: Double, places: Double, service: Double) -> Double {
        let bounded = min(load, 0.99)
        return service * (1 + pow(bounded, (2 * (places + 1)).squareRoot() - 1) / (places * (1 - bounded)))
    }

    static func learned(upTo most: Double, noise: Double = 0.05, days: Int = 2) -> CapacityCurve {
        var curve = CapacityCurve()
        var random = RandomSource(seed: 7)
        for minute in 0..<days * 1_440 {
            // From night to noon and back.
            let load = most * (0.15 + 0.85 * Double(720 - abs(minute % 1_440 - 720)) / 720)
            let latency =
                latency(at: load, places: 4, service: 0.02)
                * (1 + noise * Double.random(in: -1.7...1.7, using: &random))
            curve.observe(throughput: load * 200, latency: max(0.001, latency), failures: 0)
        }
        return curve
    }

    @Test func findsTheKneeOnceItWasSeen() throws {
        // Four places of 20 ms carry 200/s; latency is twice that of a quiet server at a load of 0.83.
        let estimate = try #require(Self.learned(upTo: 0.98).estimate)
        #expect(estimate.isSeen && estimate.confidence > 0.5)
        #expect((150...180).contains(estimate.throughput), "\(estimate)")
        #expect((0.019...0.022).contains(estimate.quietLatency))
    }

    @Test func assumesLittleBeyondWhatItSaw() throws {
        let estimate = try #require(Self.learned(upTo: 0.4).estimate)
        #expect(!estimate.isSeen && estimate.confidence < 0.6)
        #expect((80...105).contains(estimate.throughput), "\(estimate)")
    }

    @Test func errorsAreALimitToo() throws {
        var curve = CapacityCurve()
        for minute in 0..<600 {
            let load = 20 + Double(minute % 100)
            curve.observe(throughput: load, latency: 0.02, failures: load > 90 ? 0.2 : 0)
        }
        let estimate = try #require(curve.estimate)
        #expect(estimate.isSeen && (75...95).contains(estimate.throughput), "\(estimate)")
    }

    /// A slow database makes everything ten times slower for an hour: servers carry as much as before.
    @Test func passingTroubleIsNoLackOfServers() throws {
        var curve = Self.learned(upTo: 0.98)
        let before = try #require(curve.estimate).throughput
        for minute in 0..<60 { curve.observe(throughput: 60 + Double(minute), latency: 0.3, failures: 0) }
        let after = try #require(curve.estimate).throughput
        #expect(after > 0.6 * before, "\(before) \(after)")
    }

    @Test func nonsenseIsPassedOver() {
        var curve = CapacityCurve()
        for value in [Double.nan, .infinity, -1, 0, 1e300, .leastNonzeroMagnitude] {
            curve.observe(throughput: value, latency: 0.01, failures: 0)
            curve.observe(throughput: 10, latency: value, failures: 0)
            curve.observe(throughput: 10, latency: 0.01, failures: value == 0 ? 2 : value)
        }
        #expect(curve.points.count <= 1 && curve.estimate == nil)
    }
}
