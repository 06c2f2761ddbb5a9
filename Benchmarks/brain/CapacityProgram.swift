internal import AyaBrain
internal import Glibc

/// Replays a trace under three policies at equal cost: the brain's, a reactive one, and a fixed number of servers.
///
/// `brain-bench capacity < trace.csv`; STEP_SECONDS, LEAD_SECONDS (300), TRAIN (share that is history, 0.5), DECIDE
/// (seconds between decisions, 60), COST (0 to 1).
enum CapacityProgram {
    static func run() {
        let history = History(
            Sample.all(in: StandardInput.all()), step: number("STEP_SECONDS"), limit: 1_000_000)
        let lead = number("LEAD_SECONDS") ?? 300
        let start = Int(Double(history.values.count) * (number("TRAIN") ?? 0.5))
        let peak = history.values.filter(\.isFinite).max() ?? 1
        // Sixty servers at the peak: fine enough for a decision to matter.
        let each = CapacityCurve.Estimate(
            throughput: peak / 60, isSeen: true, quietLatency: 0.02, confidence: 1)
        let replay = CapacityReplay(
            demand: history.values, step: history.step, start: start, capacity: each, leadTime: lead,
            decisionInterval: number("DECIDE") ?? 60)
        var policy = CapacityPolicy(least: 2, most: 200, leadTime: lead)
        policy.costWeight = number("COST") ?? 0.25
        let own = replay.run(.predictive(policy))
        line("predictive", own)
        // The reactive one whose cost is nearest, from below.
        var reactive = replay.run(.reactive(target: 1, least: 2, most: 200))
        for percent in stride(from: 99, through: 20, by: -1) {
            let other = replay.run(.reactive(target: Double(percent) / 100, least: 2, most: 200))
            reactive = other
            if other.serverHours >= own.serverHours { break }
        }
        line("reactive", reactive)
        // The least fixed number in which as many seconds are in overload as with the brain.
        var fixed = replay.run(.fixed(1))
        for servers in 2...200 {
            fixed = replay.run(.fixed(servers))
            if fixed.overloadSeconds <= own.overloadSeconds { break }
        }
        line("fixed", fixed)
    }

    private static func line(_ name: String, _ outcome: ReplayOutcome) {
        print(
            "\(name) server-hours \(Int(outcome.serverHours)) overload \(Int(outcome.overloadSeconds)) s p99 "
                + "\(Int(outcome.p99 * 1_000)) ms errors \(outcome.errorShare) changes \(outcome.changes) most "
                + "\(outcome.mostServers)")
    }

    private static func number(_ name: String) -> Double? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).flatMap { unsafe Double(String(cString: $0)) }
    }
}
