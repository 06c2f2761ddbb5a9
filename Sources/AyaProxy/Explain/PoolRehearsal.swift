internal import AyaBalance
internal import AyaConfig
internal import AyaCore

/// Picks that are tried and not made: what the balancer of a pool would do next.
struct PoolRehearsal {
    /// By server; nil where servers are not compared.
    let costs: [Double?]
    /// By server, the share of the tried picks that took it; nil when none could be tried.
    let chances: [Double]?
    /// What the very next pick would be.
    let next: Int?

    /// - Parameter random: as the next pick would be given it; copied.
    init(_ balancer: any Balancer, _ view: PoolView, _ request: PickRequest, isHash: Bool, random: RandomSource) {
        costs = (0..<view.count).map { view.isEligible($0) ? balancer.cost(view, $0, now: request.now) : nil }
        // It is a worker's time: few tries over a large pool, and a hash is the same each time.
        let tries = isHash ? 1 : min(200, max(20, 20_000 / max(1, view.count)))
        var counts = [Int](repeating: 0, count: view.count)
        var first: Int?
        var random = random
        for attempt in 0..<tries {
            guard let copy = balancer.rehearsal() else {
                (chances, next) = (nil, nil)
                return
            }
            guard let server = copy.pick(view, request, excluding: .none, random: &random) else { break }
            counts[server] += 1
            if attempt == 0 { first = server }
        }
        next = first
        chances = counts.map { Double($0) / Double(tries) }
    }
}

extension Explanation.Pool {
    init(
        _ blueprint: Blueprint.Pool, _ view: PoolView, _ kind: BalancerKind, _ rehearsal: PoolRehearsal, bound: Int?,
        worker: Int?
    ) {
        let picked = bound ?? rehearsal.next
        candidates = (0..<view.count).map { server in
            Explanation.Candidate(
                server: "\(blueprint.servers[server].address)", isAvailable: view.isEligible(server),
                holds: view.weights[server] == 0
                    ? ["weight 0"] + view.holds[server].words : view.holds[server].words,
                weight: view.weights[server], inFlight: view.load(server), cost: rehearsal.costs[server],
                chance: rehearsal.chances?[server], isPicked: server == picked,
                pickers: server == picked ? [worker].compactMap(\.self) : [])
        }
        name = blueprint.name
        balance = blueprint.balance.rawValue
        costUnit = kind.costUnit
        workers = [worker].compactMap(\.self)
        why = Self.reason(kind, bound: bound, picked: picked, panics: view.isPanicking)
    }

    private static func reason(_ kind: BalancerKind, bound: Int?, picked: Int?, panics: Bool) -> String {
        let panic = panics ? "; verdicts are ignored, as too many servers are out" : ""
        if bound != nil { return "the client belongs to this server (persistence)" }
        guard picked != nil else { return "no server is available\(panic)" }
        let words =
            switch kind {
            case .roundRobin, .weightedRoundRobin: "its turn is next"
            case .leastConnections, .weightedLeastConnections: "it has the least in flight for its weight"
            case .sourceIPHash: "the client's address hashes to it"
            case .leastResponseTime: "it would answer soonest, by its latency and what it has in flight"
            case .resource: "it has the most room, by its reports and what it has in flight"
            case .random: "drawn by chance, by weight"
            case .powerOfTwo: "of two that chance draws, it has less in flight"
            case .peakEWMA: "of two that chance draws, it has the lower product of latency and work in flight"
            case .prequal: "it is the quickest of those that are not hot"
            case .consistentHash: "the key's place on the ring is its"
            case .maglev: "the key's place in the table is its"
            case .auto: "it would answer soonest, by its latency, its silence and what it has in flight"
            }
        return words + panic
    }
}
