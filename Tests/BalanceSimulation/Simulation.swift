package import AyaBalance
internal import AyaCore
internal import Glibc

/// Runs a scenario with real balancers: the same seed gives the same world and the same result.
package struct Simulation {
    package struct Outcome: Sendable {
        package var latencies = LatencyHistogram()
        package var requests = 0
        package var errors = 0
        package var hedges = 0
        /// Picks of each server.
        package var picks: [Int]
        /// Picks of each server in each second.
        package var picksBySecond: [[Int]] = []
        /// Of each phase, by when requests arrived.
        package var phases: [PhaseOutcome] = []

        package var errorShare: Double { Double(errors) / Double(max(1, requests)) }
        package func share(of server: Int) -> Double { Double(picks[server]) / Double(max(1, picks.reduce(0, +))) }
    }

    package struct PhaseOutcome: Sendable {
        package var latencies = LatencyHistogram()
        package var errors = 0

        /// The logarithms of the 99th percentile and, half, of the mean, against `work`; and errors, twentyfold.
        package func loss(against work: Double) -> Double {
            log(latencies.quantile(0.99) / work) + 0.5 * log(latencies.mean / work)
                + 20 * Double(errors) / Double(max(1, latencies.count))
        }
    }

    private struct Request {
        var key: UInt64
        var arrived: Double
        var work: Double
        var balancer: Int
        var isDone = false
        var tries = 0
    }

    /// A request at one server.
    private struct Try {
        var request: Int
        var server: Int
        var began: Double
        var inFlightThen: Int
        var isFailing: Bool
    }

    /// One that balances, as a worker does: its view, its balancer, its hedging.
    private struct Site {
        var view: PoolView
        var balancer: any Balancer
        var hedging: HedgePolicy
        var random: RandomSource
        /// What it saw of each server so far.
        var seen: [(successes: Int, failures: Int, latency: Int64)]
        /// What it has been told of the others' sums.
        var told: [(successes: Int, failures: Int, latency: Int64)]
    }

    private struct Probe {
        var site: Int
        var server: Int
        var inFlight = 0
        var latency = 0.0
    }

    private let scenario: Scenario
    private var servers: [SimulatedServer]
    private var sites: [Site] = []
    private var requests: [Request] = []
    private var tries: [Int: Try] = [:]
    private var nextTry = 0
    private var probes: [Int: Probe] = [:]
    private var nextProbe = 0
    private var events = EventQueue()
    private var now = 0.0
    private var arrivals: Chance
    private var works: Chance
    private var antagonists: Chance
    private var outcome: Outcome
    private var phase: Int?
    private var keys: KeyPopularity
    /// The keys that each server has seen last, by their lowest bits.
    private var caches: [[UInt64]] = []
    private let sendsProbes: Bool
    private let seesAll: Bool

    package init(_ scenario: Scenario, _ kind: BalancerKind, seed: UInt64 = 1) {
        self.init(scenario, seed: seed, sendsProbes: kind == .prequal) { kind.makeBalancer(for: $0) }
    }

    /// One that sees into every server, as nobody can: what is left to gain.
    package init(oracleOf scenario: Scenario, seed: UInt64 = 1) {
        self.init(scenario, seed: seed, seesAll: true) { BalancerKind.random.makeBalancer(for: $0) }
    }

    private init(
        _ scenario: Scenario, seed: UInt64, sendsProbes: Bool = false, seesAll: Bool = false,
        makeBalancer: (PoolView) -> any Balancer
    ) {
        self.scenario = scenario
        self.sendsProbes = sendsProbes
        self.seesAll = seesAll
        servers = scenario.servers.map(SimulatedServer.init)
        arrivals = Chance(seed: seed &+ 1000)
        works = Chance(seed: seed &+ 2000)
        antagonists = Chance(seed: seed &+ 3000)
        outcome = Outcome(picks: Array(repeating: 0, count: servers.count))
        keys = KeyPopularity(isUsed: !scenario.phases.isEmpty)
        outcome.phases = Array(repeating: PhaseOutcome(), count: scenario.phases.count)
        if scenario.phases.contains(where: { $0.cached < 1 }) {
            caches = Array(repeating: Array(repeating: 0, count: 1024), count: servers.count)
        }
        let weights = scenario.weights ?? Array(repeating: 1, count: servers.count)
        for site in 0..<scenario.balancers {
            let view = PoolView(weights: weights)
            let balancer = makeBalancer(view)
            view.balancer = balancer
            sites.append(
                Site(
                    view: view, balancer: balancer,
                    hedging: HedgePolicy(.quantile(0.95), budget: 0.05, workers: scenario.balancers),
                    random: RandomSource(seed: seed &+ 4000 &+ UInt64(site)),
                    seen: Array(repeating: (0, 0, 0), count: servers.count),
                    told: Array(repeating: (0, 0, 0), count: servers.count)))
        }
    }

    package mutating func run() -> Outcome {
        events.schedule(.arrival, at: nextArrival())
        for (index, server) in servers.enumerated() where server.hasAntagonist {
            events.schedule(.antagonist, at: antagonists.uniform() * 0.01, subject: index)
        }
        if let interval = scenario.exchangeOfLoads { events.schedule(.exchangeOfLoads, at: interval) }
        for (index, change) in scenario.changes.enumerated() {
            events.schedule(.change, at: change.time, subject: index)
        }
        while let event = events.next() {
            now = event.time
            beginPhase()
            if now > scenario.duration + scenario.deadline + 1 { break }
            handle(event)
        }
        return outcome
    }

    private var instant: Instant { Instant(nanoseconds: 1_000_000_000 + Int64(now * 1e9)) }
    private func interval(since time: Double) -> Interval { Interval(nanoseconds: Int64((now - time) * 1e9)) }

    private mutating func nextArrival() -> Double {
        let rate = current?.rate ?? scenario.rate
        return now + (scenario.isPoisson ? arrivals.exponential(mean: 1 / rate) : 1 / rate)
    }

    private var current: Phase? { phase.map { scenario.phases[$0] } }

    private mutating func beginPhase() {
        guard !scenario.phases.isEmpty else { return }
        let index = min(Int(now / scenario.phaseLength), scenario.phases.count - 1)
        guard index != phase else { return }
        let before = current
        phase = index
        let next = scenario.phases[index]
        for server in servers.indices {
            if before?.slowed.contains(server) == true { servers[server].change(speedBy: 5, at: now) }
            if next.slowed.contains(server) { servers[server].change(speedBy: 0.2, at: now) }
            if !next.hasAntagonists { servers[server].disturb(at: now, factor: 1.27) }
            plan(server)
        }
    }

    private mutating func handle(_ event: EventQueue.Event) {
        switch event.kind {
        case .arrival:
            guard now <= scenario.duration else { return }
            events.schedule(.arrival, at: nextArrival())
            arrive()
        case .completion:
            guard servers[event.subject].version == event.version else { return }
            if let index = servers[event.subject].complete(at: now) { finish(index) }
            plan(event.subject)
        case .antagonist:
            let chance = antagonists.uniform()
            let isQuiet = current?.hasAntagonists == false
            let factor = isQuiet ? 1.27 : chance < 0.55 ? 1.6 : chance < 0.85 ? 1.0 : 0.6
            servers[event.subject].disturb(at: now, factor: factor)
            plan(event.subject)
            events.schedule(.antagonist, at: now + antagonists.exponential(mean: 8), subject: event.subject)
        case .hedge: hedge(event.subject)
        case .deadline: expire(event.subject)
        case .exchangeOfLoads: exchangeLoads()
        case .probeArrives:
            guard let probe = probes[event.subject] else { return }
            probes[event.subject]?.inFlight = servers[probe.server].inFlight
            probes[event.subject]?.latency = servers[probe.server].latencyEstimate(at: now)
            events.schedule(.probeReturns, at: now + scenario.roundTrip / 2, subject: event.subject)
        case .probeReturns:
            guard let probe = probes.removeValue(forKey: event.subject) else { return }
            sites[probe.site].balancer.probed(
                sites[probe.site].view, server: probe.server, inFlight: probe.inFlight,
                latency: Interval(nanoseconds: Int64(probe.latency * 1e9)), now: instant)
        case .change:
            let change = scenario.changes[event.subject]
            servers[change.server].change(speedBy: change.factor, at: now)
            plan(change.server)
        }
    }

    private mutating func plan(_ server: Int) {
        guard let time = servers[server].nextCompletion else { return }
        events.schedule(.completion, at: max(now, time), subject: server, version: servers[server].version)
    }

    // MARK: requests

    private mutating func arrive() {
        let site = scenario.balancers == 1 ? 0 : arrivals.index(below: scenario.balancers)
        let index = requests.count
        let key = keys.draw(&works) ?? works.source.next()
        requests.append(Request(key: key, arrived: now, work: drawWork(), balancer: site))
        if sendsProbes { sendProbes(site) }
        begin(index, excluding: .none)
        events.schedule(.deadline, at: now + scenario.deadline, subject: index)
        if scenario.hedges, let delay = sites[site].hedging.delayForRequest() {
            events.schedule(.hedge, at: now + delay.seconds, subject: index)
        }
    }

    private mutating func begin(_ index: Int, excluding excluded: ExcludedServers) {
        let site = requests[index].balancer
        let view = sites[site].view
        let request = PickRequest(key: requests[index].key, now: instant)
        let balancer = sites[site].balancer
        let best = seesAll ? servers.indices.min { servers[$0].costOfOneMore < servers[$1].costOfOneMore } : nil
        guard let server = best ?? balancer.pick(view, request, excluding: excluded, random: &sites[site].random)
        else { return }
        view.begin(server)
        outcome.picks[server] += 1
        let second = Int(now)
        while outcome.picksBySecond.count <= second {
            outcome.picksBySecond.append(Array(repeating: 0, count: servers.count))
        }
        outcome.picksBySecond[second][server] += 1
        let isFailing = scenario.failing[server]?.contains(now) ?? current?.failing.contains(server) ?? false
        // A second try does the work anew, and on its own server.
        var work = requests[index].tries == 0 ? requests[index].work : drawWork()
        if let cached = current?.cached, cached < 1 { work *= see(requests[index].key, at: server) ? cached : 1 }
        requests[index].tries += 1
        tries[nextTry] = Try(
            request: index, server: server, began: now, inFlightThen: servers[server].inFlight, isFailing: isFailing)
        servers[server].begin(nextTry, work: isFailing ? 0.0005 : work, at: now)
        nextTry += 1
        plan(server)
    }

    private mutating func drawWork() -> Double { works.work(current?.work ?? scenario.work) }

    /// Whether a server has the key in its cache, where it is now.
    private mutating func see(_ key: UInt64, at server: Int) -> Bool {
        let place = Int(key & 1023)
        if caches[server][place] == key { return true }
        caches[server][place] = key
        return false
    }

    private mutating func finish(_ index: Int) {
        guard let attempt = tries.removeValue(forKey: index) else { return }
        servers[attempt.server].note(
            inFlight: attempt.inFlightThen, latency: attempt.isFailing ? 1 : now - attempt.began, at: now)
        let site = requests[attempt.request].balancer
        let latency = Interval(nanoseconds: Int64((now - attempt.began + scenario.roundTrip) * 1e9))
        let outcome: Observation.Outcome = attempt.isFailing ? .failure : .success
        sites[site].view.end(attempt.server, Observation(outcome, latency: latency, now: instant))
        if attempt.isFailing {
            sites[site].seen[attempt.server].failures += 1
        } else {
            sites[site].seen[attempt.server].successes += 1
            sites[site].seen[attempt.server].latency += latency.nanoseconds
        }
        if attempt.began == requests[attempt.request].arrived { sites[site].hedging.record(latency) }
        if !requests[attempt.request].isDone { done(attempt.request, isError: attempt.isFailing) }
    }

    private mutating func done(_ index: Int, isError: Bool) {
        requests[index].isDone = true
        guard requests[index].arrived >= scenario.warmUp else { return }
        let latency = now - requests[index].arrived + scenario.roundTrip
        outcome.requests += 1
        outcome.latencies.record(latency)
        if isError { outcome.errors += 1 }
        guard !outcome.phases.isEmpty else { return }
        let index = min(Int(requests[index].arrived / scenario.phaseLength), outcome.phases.count - 1)
        outcome.phases[index].latencies.record(latency)
        if isError { outcome.phases[index].errors += 1 }
    }

    private mutating func hedge(_ index: Int) {
        guard !requests[index].isDone, requests[index].tries == 1 else { return }
        let site = requests[index].balancer
        guard let first = tries.first(where: { $0.value.request == index }), sites[site].hedging.spend() else { return }
        outcome.hedges += 1
        begin(index, excluding: ExcludedServers(CollectionOfOne(first.value.server)))
    }

    private mutating func expire(_ index: Int) {
        guard !requests[index].isDone else { return }
        done(index, isError: true)
        for (key, attempt) in tries.filter({ $0.value.request == index }) {
            tries[key] = nil
            servers[attempt.server].cancel(key, at: now)
            plan(attempt.server)
            sites[requests[index].balancer].view.end(
                attempt.server, Observation(.failure, latency: interval(since: attempt.began), now: instant))
        }
    }

    // MARK: what balancers learn

    private mutating func exchangeLoads() {
        for site in sites { site.view.tick(instant) }
        for server in servers.indices {
            let total = sites.reduce(0) { $0 + $1.view.inFlight[server] }
            let successes = sites.reduce(0) { $0 + $1.seen[server].successes }
            let failures = sites.reduce(0) { $0 + $1.seen[server].failures }
            let latency = sites.reduce(0) { $0 + $1.seen[server].latency }
            for index in sites.indices {
                let site = sites[index]
                site.view.setForeign(total - site.view.inFlight[server], of: server)
                let others = (
                    successes: successes - site.seen[server].successes, failures: failures - site.seen[server].failures,
                    latency: latency - site.seen[server].latency
                )
                let told = site.told[server]
                guard others != told else { continue }
                sites[index].told[server] = others
                let hearsay = Hearsay(
                    successes: others.successes - told.successes, failures: others.failures - told.failures,
                    latency: Interval(nanoseconds: others.latency - told.latency), now: instant)
                site.view.hear(hearsay, of: server)
            }
        }
        if let interval = scenario.exchangeOfLoads { events.schedule(.exchangeOfLoads, at: now + interval) }
    }

    private mutating func sendProbes(_ site: Int) {
        guard let prequal = sites[site].balancer as? Prequal else { return }
        for _ in 0..<Prequal.probesPerPick {
            guard let server = prequal.probeTarget(sites[site].view, random: &sites[site].random) else { return }
            probes[nextProbe] = Probe(site: site, server: server)
            events.schedule(.probeArrives, at: now + scenario.roundTrip / 2, subject: nextProbe)
            nextProbe += 1
        }
    }
}
