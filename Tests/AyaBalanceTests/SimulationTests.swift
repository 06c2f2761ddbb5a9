internal import AyaBalance
internal import AyaCore
internal import BalanceSimulation
internal import Testing

/// Balancers in simulated worlds, small enough for every test run; `make bench-balance` has the whole tables.
@Suite struct SimulationTests {
    /// Those that follow load or latency: failing fast must not attract them.
    static let aware: [BalancerKind] = [
        .leastConnections, .leastResponseTime, .resource, .powerOfTwo, .peakEWMA, .prequal, .consistentHash, .auto,
    ]

    static func run(_ scenario: Scenario, _ kind: BalancerKind, seed: UInt64 = 1) -> Simulation.Outcome {
        var simulation = Simulation(scenario, kind, seed: seed)
        return simulation.run()
    }

    @Test func sameSeedSameWorld() {
        var scenario = Scenario.straggler(.mixed)
        scenario.duration = 1
        let one = Self.run(scenario, .auto)
        let other = Self.run(scenario, .auto)
        #expect(one.picks == other.picks && one.latencies.mean == other.latencies.mean)
        #expect(Self.run(scenario, .auto, seed: 2).picks != one.picks)
    }

    /// Theory as a check of the simulator: one processor shared at 80 % keeps a request five times as long as its work.
    @Test func sharedProcessorIsAsTheorySays() {
        var scenario = Scenario(
            name: "M/G/1", servers: [.sharing(cores: 1, speed: 1, hasAntagonist: false)],
            work: .exponential(mean: 0.05), rate: 0.8 * 1.27 / 0.05)
        scenario.duration = 1_000
        scenario.deadline = 100
        scenario.roundTrip = 0
        // Room for 1.27 at once: the theory's figure, less what two at a time gain.
        let mean = Self.run(scenario, .random).latencies.mean
        #expect((0.17...0.27).contains(mean), "\(mean)")
    }

    /// One of ten answers every request at once, with an error.
    @Test(arguments: aware) func failingFastAttractsNobody(kind: BalancerKind) {
        var scenario = Scenario.fleet(load: 0.75, servers: 10, balancers: 1)
        scenario.warmUp = 0
        scenario.duration = 60
        scenario.failing = [3: 0..<40]
        let outcome = Self.run(scenario, kind)
        let during = outcome.picksBySecond[..<40]
        let share = Double(during.reduce(0) { $0 + $1[3] }) / Double(during.reduce(0) { $0 + $1.reduce(0, +) })
        #expect(share < 0.0005, "\(share)")
        // It is found again: in the last seconds it has work as others do.
        let after = outcome.picksBySecond[57..<60].reduce(0) { $0 + $1[3] }
        #expect(after > 30, "\(outcome.picksBySecond.map { $0[3] })")
    }

    @Test(arguments: Scenario.Straggler.allCases) func autoStandsStragglers(kind: Scenario.Straggler) {
        var scenario = Scenario.straggler(kind)
        scenario.duration = 8
        let outcome = Self.run(scenario, .auto)
        let p99 = outcome.latencies.quantile(0.99)
        let p999 = outcome.latencies.quantile(0.999)
        #expect(outcome.errors == 0)
        #expect(p99 < 0.027 && p999 < 0.060, "\(p99) \(p999)")
    }

    /// A slow server gets next to nothing, its share as soon as it has recovered, and loses it again.
    @Test func autoFollowsASpeedThatChanges() {
        var scenario = Scenario.straggler(.slow2)
        scenario.duration = 20
        scenario.changes = [(time: 6, server: 0, factor: 10), (time: 14, server: 0, factor: 0.1)]
        let outcome = Self.run(scenario, .auto)
        let seconds = outcome.picksBySecond.map { $0[0] }
        let fair = Int(scenario.rate) / 5
        #expect(seconds[3..<6].reduce(0, +) < fair / 12, "\(seconds)")
        #expect(seconds[11..<14].reduce(0, +) > 3 * fair / 2, "\(seconds)")
        #expect(seconds[16..<20].reduce(0, +) < fair / 8, "\(seconds)")
    }

    /// Nobody starves for good: a server that was slow for a moment at the start has its share later.
    @Test(arguments: [BalancerKind.auto, .leastResponseTime, .peakEWMA])
    func slowStarterIsForgiven(kind: BalancerKind) {
        var scenario = Scenario.straggler(.uniform, hedges: false)
        scenario.rate = 800
        scenario.duration = 26
        scenario.servers[0] = .slots(4, speed: 0.02)
        scenario.changes = [(time: 2, server: 0, factor: 50)]
        let outcome = Self.run(scenario, kind)
        let last = outcome.picksBySecond[21..<26].reduce(0) { $0 + $1[0] }
        #expect(last > 5 * 800 / 6 / 3, "\(outcome.picksBySecond.map { $0[0] })")
    }

    /// Eight workers that tell each other of their loads balance about as well as one.
    @Test(arguments: [BalancerKind.auto, .leastConnections]) func workersTogetherAreAsGoodAsOne(kind: BalancerKind) {
        func outcome(_ workers: Int) -> Simulation.Outcome {
            var scenario = Scenario.straggler(.uniform, hedges: false, balancers: workers)
            scenario.duration = 6
            return Self.run(scenario, kind)
        }
        let one = outcome(1).latencies.quantile(0.99)
        let eight = outcome(8)
        #expect(eight.latencies.quantile(0.99) < 1.08 * one, "\(eight.latencies.quantile(0.99)) \(one)")
        let most = eight.picks.max() ?? 0
        let least = eight.picks.min() ?? 0
        // Who is known by latency is known with noise.
        #expect(Double(most) < (kind == .auto ? 1.2 : 1.1) * Double(least), "\(eight.picks)")
    }

    /// Conditions change, and no rule that does not look at load and latency stands all of them.
    @Test func autoStandsChangingConditions() {
        var scenario = Scenario.changingConditions(servers: 20, balancers: 2)
        scenario.phaseLength = 10
        scenario.duration = 80
        func loss(_ kind: BalancerKind) -> Double {
            let phases = Self.run(scenario, kind).phases
            return phases.map { $0.loss(against: 0.05) }.reduce(0, +) / Double(phases.count)
        }
        let auto = loss(.auto)
        #expect(auto < 2.07, "\(auto)")
        #expect(auto < loss(.leastConnections))
    }

    /// At 103 % of what the servers are promised, within 15 % of who sees into every server.
    @Test func autoIsNearTheOracle() {
        var scenario = Scenario.fleet(load: 1.03, servers: 10, balancers: 2)
        scenario.duration = 60
        var oracle = Simulation(oracleOf: scenario)
        let least = oracle.run().latencies.quantile(0.99)
        let p99 = Self.run(scenario, .auto).latencies.quantile(0.99)
        #expect(p99 < 1.15 * least, "\(p99) \(least)")
    }

    /// The order that the literature and the reference simulator have.
    @Test func betterAlgorithmsAreBetter() {
        var scenario = Scenario.fleet(load: 1.03, servers: 20, balancers: 4)
        scenario.duration = 30
        func p99(_ kind: BalancerKind) -> Double { Self.run(scenario, kind).latencies.quantile(0.99) }
        let random = p99(.random)
        let two = p99(.powerOfTwo)
        let ewma = p99(.peakEWMA)
        let auto = p99(.auto)
        #expect(auto < ewma && ewma < two && two < random, "\(auto) \(ewma) \(two) \(random)")
    }
}
