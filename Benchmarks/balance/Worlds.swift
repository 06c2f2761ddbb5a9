internal import AyaBalance
internal import BalanceSimulation

/// Tables of simulated worlds: p50/p99/p99.9 in milliseconds, errors where there are any.
enum Worlds {
    static let seeds: ClosedRange<UInt64> = 1...3
    static let compared: [BalancerKind] = [
        .auto, .leastResponseTime, .prequal, .peakEWMA, .leastConnections, .powerOfTwo, .consistentHash, .roundRobin,
        .random,
    ]

    private static func cell(_ scenario: Scenario, _ kind: BalancerKind) -> String {
        Table.cell(
            seeds.map { seed in
                var simulation = Simulation(scenario, kind, seed: seed)
                return simulation.run()
            })
    }

    static func printStragglers() {
        for hedges in [false, true] {
            print("\nStragglers\(hedges ? ", with hedging" : ""): p50/p99/p99.9 ms")
            print(Table.row("balancer", Scenario.Straggler.allCases.map(\.rawValue)))
            for kind in compared {
                let cells = Scenario.Straggler.allCases.map { cell(.straggler($0, hedges: hedges), kind) }
                print(Table.row(kind.rawValue, cells))
            }
        }
    }

    static func printWorkers() {
        print("\nStragglers with hedging, by number of workers: p50/p99/p99.9 ms")
        print(Table.row("balancer, workers", Scenario.Straggler.allCases.map(\.rawValue)))
        for kind in [BalancerKind.auto, .leastConnections] {
            for workers in [1, 2, 8] {
                let cells = Scenario.Straggler.allCases.map { cell(.straggler($0, balancers: workers), kind) }
                print(Table.row("\(kind.rawValue), \(workers)", cells))
            }
        }
    }

    static func printFleets() {
        let loads = [0.75, 0.83, 0.93, 1.03]
        print("\n100 servers, 20 balancers, by load: p50/p99/p99.9 ms")
        printFleet(loads.map { .fleet(load: $0) }, loads.map { "\($0)" })
        print("\n10 servers, 2 balancers: p50/p99/p99.9 ms")
        var small = Scenario.fleet(load: 1.03, servers: 10, balancers: 2)
        small.duration = 200
        printFleet([small], ["1.03"])
    }

    private static func printFleet(_ scenarios: [Scenario], _ names: [String]) {
        print(Table.row("balancer", names))
        let oracle = scenarios.map { scenario in
            Table.cell(
                seeds.map { seed in
                    var simulation = Simulation(oracleOf: scenario, seed: seed)
                    return simulation.run()
                })
        }
        print(Table.row("an oracle", oracle))
        for kind in compared { print(Table.row(kind.rawValue, scenarios.map { cell($0, kind) })) }
    }

    /// Phase by phase: what 99 of 100 stay below, and the mean loss.
    static func printPhases() {
        let scenario = Scenario.changingConditions()
        print("\nChanging conditions, 40 servers, 4 balancers: p99 ms of each phase, and the mean loss")
        print(Table.row("balancer", (1...scenario.phases.count).map { "\($0)" } + ["loss"]))
        for kind in compared {
            let runs = seeds.map { seed in
                var simulation = Simulation(scenario, kind, seed: seed)
                return simulation.run().phases
            }
            let cells = scenario.phases.indices.map { phase in
                let p99 = runs.map { $0[phase].latencies.quantile(0.99) }.reduce(0, +) / Double(runs.count)
                return "\(Int((1_000 * p99).rounded()))"
            }
            let losses = runs.map { run in run.map { $0.loss(against: 0.05) }.reduce(0, +) / Double(run.count) }
            let loss = losses.reduce(0, +) / Double(losses.count)
            print(Table.row(kind.rawValue, cells + ["\((1_000 * loss).rounded() / 1_000)"]))
        }
    }

    /// One of twenty answers at once, with an error, for 60 of 100 seconds.
    static func printFailing() {
        print("\nA server that fails fast: its share in percent while it fails, and in the last ten seconds")
        var scenario = Scenario.fleet(load: 0.75, servers: 20, balancers: 4)
        scenario.warmUp = 0
        scenario.duration = 100
        scenario.failing = [3: 0..<60]
        for kind in compared {
            var simulation = Simulation(scenario, kind)
            let seconds = simulation.run().picksBySecond
            print(Table.row(kind.rawValue, [share(seconds[..<60]), share(seconds[90..<100])]))
        }
    }

    private static func share(_ seconds: ArraySlice<[Int]>) -> String {
        let one = seconds.reduce(0) { $0 + $1[3] }
        let all = seconds.reduce(0) { $0 + $1.reduce(0, +) }
        return "\((100_000 * Double(one) / Double(max(1, all))).rounded() / 1_000)"
    }
}
