package import AyaCore

/// Probing to reduce queueing and latency (Wydrowski and others, NSDI 2024): servers tell their requests in flight and
/// their latency, and of those that are not hot (few in flight) the quickest is chosen; when all are hot, the one with
/// the least in flight.
///
/// Answers to probes wait in a small pool, each good for a few picks and a second at most. Where servers do not offer
/// probes, the traffic itself stands in for them: own and other workers' loads, latencies as observed, and what servers
/// say in their answers; the rule stays the same, over a sample of servers.
package final class Prequal: Balancer {
    /// Probes to be sent for each pick.
    package static let probesPerPick = 3

    /// Hot is who has more in flight than this share of what was seen lately.
    private static let hotAbove = 0.6
    private static let mostProbes = 16
    private static let lifetime = Interval.seconds(1)
    private static let history = 128

    private struct Probe {
        var server: Int
        var inFlight: Int
        var latency: Float
        var at: Instant
        var uses: Int
    }

    private var candidates: Candidates
    private var outlook: Outlook
    /// What servers have in flight, and by which number each is in it; -1 for those out of the choice.
    private var loads = LoadQuantile(Prequal.hotAbove)
    private var counted: ContiguousArray<Int32>
    private var probes: ContiguousArray<Probe> = []
    /// What probes said was in flight lately, as a ring.
    private var seen: ContiguousArray<Int32> = []
    private var seenNext = 0
    private var quantile = LoadQuantile(Prequal.hotAbove)
    /// Probes leave by age and by badness in turn.
    private var removesOldest = false
    private let mostProbes: Int
    private let reuse: Double
    /// Whom to probe next: everyone once, in an order by chance.
    private var order: ContiguousArray<Int32>
    private var orderNext = 0

    package init(_ view: PoolView) {
        candidates = Candidates(view)
        outlook = Outlook(view)
        counted = ContiguousArray(repeating: -1, count: view.count)
        let count = view.count
        // The paper's formula for reuse has no meaning when the pool of probes is as large as the pool of servers.
        mostProbes = count > Self.mostProbes ? Self.mostProbes : max(2, count / 2 + 1)
        let rest = (1 - Double(mostProbes) / Double(max(1, count))) * Double(Self.probesPerPick) - 1
        reuse = rest > 0.05 ? min(8, max(1, 2 / rest)) : 8
        order = ContiguousArray((0..<count).map { Int32(truncatingIfNeeded: $0) })
        orderNext = order.count
        for server in 0..<count { countLoad(view, server) }
    }

    private init(copying other: Prequal) {
        candidates = other.candidates
        outlook = other.outlook
        loads = other.loads
        counted = other.counted
        probes = other.probes
        seen = other.seen
        seenNext = other.seenNext
        quantile = other.quantile
        removesOldest = other.removesOldest
        mostProbes = other.mostProbes
        reuse = other.reuse
        order = other.order
        orderNext = other.orderNext
    }

    package func rehearsal() -> (any Balancer)? { Prequal(copying: self) }

    package func cost(_ view: PoolView, _ server: Int, now: Instant) -> Double? {
        outlook.cost(server, now)
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if let trial = candidates.trial(view, request.now, excluding: excluding) { return trial }
        probes.removeAll { request.now - $0.at > Self.lifetime }
        let picked = probes.count < 2 ? nil : best(excluding, &random)
        removeOne()
        return picked ?? passivePick(view, request.now, excluding, &random)
    }

    /// A server that should be probed, `probesPerPick` times a pick.
    package func probeTarget(_ view: PoolView, random: inout RandomSource) -> Int? {
        for _ in 0..<order.count {
            if orderNext >= order.count {
                order.shuffle(using: &random)
                orderNext = 0
            }
            let server = Int(order[orderNext])
            orderNext += 1
            if view.isEligible(server) { return server }
        }
        return nil
    }

    package func probed(_ view: PoolView, server: Int, inFlight: Int, latency: Interval, now: Instant) {
        if seen.count < Self.history {
            seen.append(Int32(clamping: inFlight))
        } else {
            quantile.remove(Int(seen[seenNext]))
            seen[seenNext] = Int32(clamping: inFlight)
            seenNext = (seenNext + 1) % Self.history
        }
        quantile.insert(Int(Int32(clamping: inFlight)))
        if probes.count >= mostProbes, let oldest = probes.indices.min(by: { probes[$0].at < probes[$1].at }) {
            drop(oldest)
        }
        probes.append(
            Probe(server: server, inFlight: inFlight, latency: Float(latency.seconds), at: now, uses: 0))
    }

    // MARK: hot and cold

    private func best(_ excluded: borrowing ExcludedServers, _ random: inout RandomSource) -> Int? {
        var cold = -1
        var coolest = -1
        for index in probes.indices {
            let probe = probes[index]
            guard candidates.trusted.contains(probe.server), !excluded.contains(probe.server) else { continue }
            if probe.inFlight <= quantile.level, cold < 0 || probe.latency < probes[cold].latency { cold = index }
            if coolest < 0 || probe.inFlight < probes[coolest].inFlight { coolest = index }
        }
        let chosen = cold >= 0 ? cold : coolest
        guard chosen >= 0 else { return nil }
        let server = probes[chosen].server
        probes[chosen].uses += 1
        // The broken part of the number of uses is met on average.
        let limit = Int(reuse) + (Double(random.next() >> 11) * 0x1p-53 < reuse - reuse.rounded(.down) ? 1 : 0)
        if probes[chosen].uses >= limit { drop(chosen) }
        for index in probes.indices where probes[index].server == server { probes[index].inFlight += 1 }
        return server
    }

    /// One probe leaves with each pick, the oldest or the worst: else the pool would fill with those nobody wants.
    private func removeOne() {
        guard probes.count > 2 else { return }
        removesOldest.toggle()
        var worst = 0
        var isHot = false
        for index in probes.indices {
            let probe = probes[index]
            if removesOldest {
                if probe.at < probes[worst].at { worst = index }
            } else if probe.inFlight > quantile.level {
                if !isHot || probe.inFlight > probes[worst].inFlight { worst = index }
                isHot = true
            } else if !isHot, probe.latency > probes[worst].latency {
                worst = index
            }
        }
        drop(worst)
    }

    private func drop(_ index: Int) {
        probes.swapAt(index, probes.count - 1)
        probes.removeLast()
    }

    private func passivePick(
        _ view: PoolView, _ now: Instant, _ excluded: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int? {
        let level = loads.level
        var best = outlook.best(among: candidates.trusted, notAbove: level, now, excluding: excluded, &random)
        if best < 0 {
            guard let any = candidates.draw(&random, excluding: excluded) else { return nil }
            best = any
        }
        outlook.take(view, best)
        return best
    }

    private func countLoad(_ view: PoolView, _ server: Int) {
        let old = counted[server]
        let new = view.isEligible(server) ? Int32(clamping: view.load(server)) : -1
        guard old != new else { return }
        if new >= 0 { loads.insert(Int(new)) }
        if old >= 0 { loads.remove(Int(old)) }
        counted[server] = new
    }

    // MARK: what happens

    package func adopt(_ view: PoolView, server: Int, from former: any Balancer, at position: Int) {
        if let former = former as? Prequal { outlook.adopt(server, from: former.outlook, at: position) }
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        candidates.update(view, server)
        outlook.join(view, server)
        countLoad(view, server)
        if !view.isEligible(server) { probes.removeAll { $0.server == server } }
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        outlook.loadChanged(view, server)
        countLoad(view, server)
    }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        candidates.observe(view, server, observation)
        outlook.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) {
        candidates.hear(view, server, hearsay)
        outlook.hear(server, hearsay)
    }

    package func reported(_ view: PoolView, server: Int, _ report: LoadReport, now: Instant) {
        guard let inFlight = report.inFlight else { return }
        if let latency = report.latency { probed(view, server: server, inFlight: inFlight, latency: latency, now: now) }
    }
}
