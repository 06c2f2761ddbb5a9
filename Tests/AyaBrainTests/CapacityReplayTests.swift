internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

/// A week of a made-up service, its last day under several policies.
@Suite struct CapacityReplayTests {
    /// Every ten minutes: nights, working hours, a lunch break, noise.
    static let week: [Double] = {
        var random = RandomSource(seed: 3)
        return (0..<7 * 144).map { row in
            let hour = Double(row % 144) / 6
            let day = 100 + 900 * exp(-pow((hour - 10.5) / 1.6, 2)) + 800 * exp(-pow((hour - 15) / 1.9, 2))
            return day * Double.random(in: 0.94...1.06, using: &random)
        }
    }()

    static let each = CapacityCurve.Estimate(throughput: 30, isSeen: true, quietLatency: 0.02, confidence: 1)
    static let replay = CapacityReplay(
        demand: week, step: 600, start: 6 * 144, capacity: each, leadTime: 900, decisionInterval: 600)

    @Test func foresightBeatsReactionAtEqualCost() {
        let own = Self.replay.run(.predictive(CapacityPolicy(least: 2, most: 100, leadTime: 900)))
        let equals = stride(from: 0.95, through: 0.3, by: -0.05).lazy
            .map { Self.replay.run(.reactive(target: $0, least: 2, most: 100)) }
        let reactive = equals.first { $0.serverHours >= own.serverHours }
        let overload = reactive?.overloadSeconds ?? 0
        #expect(own.overloadSeconds <= 0.2 * overload, "\(own) \(String(describing: reactive))")
        let fixed = Self.replay.run(.fixed(own.mostServers))
        #expect(own.serverHours < 0.7 * fixed.serverHours, "\(own.serverHours) \(fixed.serverHours)")
        #expect(own.p99 < 0.3 && own.errorShare < 0.001, "\(own)")
    }

    @Test func tooFewServersShow() {
        let few = Self.replay.run(.fixed(10))
        let many = Self.replay.run(.fixed(60))
        #expect(few.overloadSeconds > 20_000 && few.errorShare > 0.1 && few.p99 >= 25)
        #expect(many.overloadSeconds == 0 && many.errorShare == 0 && many.p99 < 0.12 && many.changes == 0)
        #expect(abs(many.serverHours - 60 * 24) < 1e-6)
    }

    @Test func gapsAndNothingAreHarmless() {
        let empty = CapacityReplay(demand: [], step: 0, start: 5, capacity: Self.each, leadTime: 60)
        #expect(empty.run(.reactive(target: 0.5, least: 1, most: 3)).serverHours == 0)
        let gaps = CapacityReplay(
            demand: [.nan, 1, .nan, .infinity, -5, 1e300], step: 60, start: 0, capacity: Self.each, leadTime: 60)
        #expect(gaps.run(.predictive(CapacityPolicy(least: 1, most: 3, leadTime: 60))).mostServers <= 3)
    }
}
