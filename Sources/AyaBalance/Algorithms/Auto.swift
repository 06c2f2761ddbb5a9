package import AyaCore

/// The balancer for those who do not want to choose one: sends each request to where it would be answered soonest, by
/// what traffic alone tells, keeps away from servers that fail, and changes to another tactic where that proves better.
package final class Auto: Balancer {
    private var candidates: Candidates
    private var outlook: Outlook
    private var turns: RoundRobin
    /// Which tactic it follows, and why.
    package private(set) var selection: Selection

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        outlook = Outlook(view)
        turns = RoundRobin(view)
        selection = Selection(servers: view.count)
    }

    private init(copying other: Auto) {
        candidates = other.candidates
        outlook = other.outlook
        turns = RoundRobin(copying: other.turns)
        selection = other.selection
    }

    package func rehearsal() -> (any Balancer)? { Auto(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        outlook.cost(server, now)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        let (tactic, isTrial) = selection.next(request, &random)
        var best = pick(view, by: tactic, request, excluding: excluding, &random)
        if best < 0 {
            best = outlook.best(among: candidates.doubted, request.now, excluding: excluding, &random)
        }
        if best < 0 {
            // All that were looked at are excluded.
            guard let any = candidates.draw(&random, excluding: excluding) else { return nil }
            best = any
        }
        outlook.take(view, best)
        if isTrial { selection.began(tactic, on: best, request.now) }
        return best
    }

    /// One of those that are trusted; -1 when there is none.
    @inline(__always)
    private func pick(
        _ view: PoolView, by tactic: Tactic, _ request: PickRequest, excluding: borrowing ExcludedServers,
        _ random: inout RandomSource
    ) -> Int {
        switch tactic {
        case .soonest: outlook.best(among: candidates.trusted, request.now, excluding: excluding, &random)
        case .roundRobin: nextInTurn(view, request, excluding: excluding, &random)
        case .leastConnections, .uncrowded, .consistentHash:
            outlook.best(by: tactic, among: candidates.trusted, request, excluding: excluding, &random)
        }
    }

    /// A server on probation has no turns.
    private func nextInTurn(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int {
        for _ in 0..<8 {
            guard let server = turns.pick(view, request, excluding: excluding, random: &random) else { return -1 }
            if candidates.trusted.contains(server) { return server }
        }
        return candidates.trusted.draw(&random, excluding: excluding) ?? -1
    }

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        if let former = former as? Auto { outlook.adopt(server, from: former.outlook, at: position) }
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        candidates.update(view, server)
        outlook.join(view, server)
        turns.eligibilityChanged(view, server: server)
    }

    package func loadChanged(_ view: PoolView, server: Int) { outlook.loadChanged(view, server) }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        outlook.observe(server, observation)
        selection.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        candidates.hear(view, server, hearsay)
        outlook.hear(server, hearsay)
    }
}
