/// A world to balance in: servers, what they are asked, and who balances.
package struct Scenario: Sendable {
    package enum Work: Sendable {
        case exponential(mean: Double)
        /// σ = 1, as the work of many services has it.
        case lognormal(mean: Double)
        /// As wide as its mean, cut below.
        case normal(mean: Double)
        /// Bounded: few take a thousand times as long as most.
        case pareto(mean: Double)
        /// One in ten takes eleven times as long as the others.
        case twoKinds(mean: Double)
    }

    package enum Server: Sendable {
        /// All requests share `cores`, each at most at `speed`; a neighbour on the machine changes what is really to be
        /// had: 1.6 ×, 1.0 × or 0.6 × of it, for 8 s on average.
        case sharing(cores: Double, speed: Double, hasAntagonist: Bool)
        /// So many at once, first come first served; every `period` it freezes for `stall`.
        case slots(Int, speed: Double, period: Double = 0, stall: Double = 0)
    }

    package var name: String
    package var servers: [Server]
    package var balancers = 1
    package var work: Work
    /// Requests a second.
    package var rate: Double
    package var isPoisson = true
    /// From the balancer to the server and back.
    package var roundTrip = 0.001
    /// A request that takes longer is an error and counts as long as this.
    package var deadline = 5.0
    package var duration = 60.0
    /// What comes first and is not counted.
    package var warmUp = 10.0
    /// A second try after the pool's 95th percentile, for at most 5 % of requests.
    package var hedges = false
    /// Balancers tell each other of their loads, as workers do, every so often; nil: each knows its own only.
    package var exchangeOfLoads: Double?
    /// These answer at once, and always with an error, from the first second to the second.
    package var failing: [Int: Range<Double>] = [:]
    /// The speed of these is multiplied at that moment.
    package var changes: [(time: Double, server: Int, factor: Double)] = []
    package var weights: [Int]?
    /// Conditions that follow each other, for `phaseLength` each; empty: none change.
    package var phases: [Phase] = []
    package var phaseLength = 60.0

    package init(name: String, servers: [Server], work: Work, rate: Double) {
        self.name = name
        self.servers = servers
        self.work = work
        self.rate = rate
    }
}

extension Scenario {
    /// The straggler benchmark: six servers of four slots with exponential service of 5 ms, at 70 % of what they can do.
    package enum Straggler: String, CaseIterable, Sendable {
        case mixed
        case slow2
        case stall1
        case uniform
    }

    package static func straggler(_ kind: Straggler, hedges: Bool = true, balancers: Int = 1) -> Scenario {
        let fast = Server.slots(4, speed: 1)
        let slow = Server.slots(4, speed: 0.1)
        let stalling = Server.slots(4, speed: 1, period: 2, stall: 0.2)
        let (servers, capacity): ([Server], Double) =
            switch kind {
            case .mixed: ([slow, slow, stalling, fast, fast, fast], 3 * 800 + 720 + 160)
            case .slow2: ([slow, slow, fast, fast, fast, fast], 4 * 800 + 160)
            case .stall1: ([stalling, fast, fast, fast, fast, fast], 5 * 800 + 720)
            case .uniform: (Array(repeating: fast, count: 6), 6 * 800)
            }
        var scenario = Scenario(
            name: kind.rawValue, servers: servers, work: .exponential(mean: 0.005), rate: 0.7 * capacity)
        scenario.isPoisson = false
        scenario.roundTrip = 0.0003
        scenario.deadline = 2
        // The benchmark counts from the first request on.
        scenario.warmUp = 0
        scenario.duration = 30
        scenario.hedges = hedges
        scenario.balancers = balancers
        scenario.exchangeOfLoads = balancers > 1 ? 0.001 : nil
        return scenario
    }

    /// Many machines shared with others, a third of them slower, as in the table of docs/balancing.md.
    package static func fleet(load: Double, servers count: Int = 100, balancers: Int = 20) -> Scenario {
        let servers = (0..<count).map { Server.sharing(cores: 4, speed: $0 % 10 < 3 ? 0.6 : 1, hasAntagonist: true) }
        let allocation = (0..<count).reduce(0.0) { $0 + ($1 % 10 < 3 ? 2.4 : 4) }
        let mean = 0.05
        var scenario = Scenario(
            name: "fleet \(load)", servers: servers, work: .lognormal(mean: mean), rate: load * allocation / mean)
        scenario.balancers = balancers
        return scenario
    }
}
