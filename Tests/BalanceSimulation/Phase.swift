/// Conditions that hold for a while.
package struct Phase: Sendable {
    /// Requests a second.
    package var rate: Double
    package var work: Scenario.Work
    /// Neighbours on the machines come and go.
    package var hasAntagonists = true
    /// Of the servers, those that are five times slower.
    package var slowed: Set<Int> = []
    /// Those that answer at once, with an error.
    package var failing: Set<Int> = []
    /// What is left of the work where a server has seen the key lately.
    package var cached = 1.0
}

extension Scenario {
    /// Eight minutes in which no single rule is best throughout: quiet, loaded, some servers slow, overload, some that
    /// fail fast, caches that help, two kinds of requests, and heavy tails.
    package static func changingConditions(servers count: Int = 40, balancers: Int = 4) -> Scenario {
        var scenario = fleet(load: 0.6, servers: count, balancers: balancers)
        let mean = 0.05
        let whole = scenario.rate / 0.6
        func phase(_ load: Double, _ work: Work, antagonists: Bool = true) -> Phase {
            Phase(rate: load * whole, work: work, hasAntagonists: antagonists)
        }
        var slowed = phase(0.8, .lognormal(mean: mean), antagonists: false)
        slowed.slowed = Set((0..<count).filter { Double($0 * 7 % count) < 0.15 * Double(count) })
        var failing = phase(0.6, .lognormal(mean: mean), antagonists: false)
        failing.failing = Set((0..<count).filter { Double($0 * 3 % count) < 0.1 * Double(count) })
        var cached = phase(1.2, .lognormal(mean: mean))
        cached.cached = 0.35
        scenario.name = "changing conditions"
        scenario.phases = [
            phase(0.6, .normal(mean: mean), antagonists: false), phase(0.95, .lognormal(mean: mean)), slowed,
            phase(1.03, .lognormal(mean: mean)), failing, cached, phase(0.5, .twoKinds(mean: mean), antagonists: false),
            phase(1.03, .pareto(mean: mean)),
        ]
        scenario.duration = scenario.phaseLength * Double(scenario.phases.count)
        scenario.warmUp = 0
        return scenario
    }
}
