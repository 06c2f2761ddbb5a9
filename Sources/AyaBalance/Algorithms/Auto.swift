package import AyaCore

/// The balancer for those who do not want to choose one: sends each request to where it would be answered soonest, by
/// what traffic alone tells, and keeps away from servers that fail.
package final class Auto: Balancer {
    private var candidates: Candidates
    private var outlook: Outlook

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        outlook = Outlook(view)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        var best = outlook.best(among: candidates.trusted, request.now, excluding: excluding, &random)
        if best < 0 {
            best = outlook.best(among: candidates.doubted, request.now, excluding: excluding, &random)
        }
        if best < 0 {
            // All that were looked at are excluded.
            guard let any = candidates.draw(&random, excluding: excluding) else { return nil }
            best = any
        }
        outlook.take(view, best)
        return best
    }

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        if let former = former as? Auto { outlook.adopt(server, from: former.outlook, at: position) }
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        candidates.update(view, server)
        outlook.join(view, server)
    }

    package func loadChanged(_ view: PoolView, server: Int) { outlook.loadChanged(view, server) }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        outlook.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        candidates.hear(view, server, hearsay)
        outlook.hear(server, hearsay)
    }
}
