internal import AyaCore

/// The servers in the choice for balancers that draw by chance, those on probation apart from the others.
struct Candidates {
    private(set) var trusted: WeightedSet
    private(set) var doubted: WeightedSet
    private var memory: FailureMemory

    init(_ view: PoolView) {
        trusted = WeightedSet(capacity: view.count)
        doubted = WeightedSet(capacity: view.count)
        memory = FailureMemory(capacity: view.count)
        for server in 0..<view.count where view.isEligible(server) { place(view, server) }
    }

    mutating func update(_ view: PoolView, _ server: Int) {
        if !view.isEligible(server), view.isAway(server) { memory.forget(server) }
        place(view, server)
    }

    mutating func observe(_ view: PoolView, _ server: Int, _ observation: Observation) {
        if memory.observe(server, observation) { place(view, server) }
    }

    mutating func hear(_ view: PoolView, _ server: Int, _ hearsay: Hearsay) {
        if memory.hear(server, hearsay) { place(view, server) }
    }

    /// A server on probation whose trial is due.
    @inline(__always)
    mutating func trial(_ view: PoolView, _ now: Instant, excluding excluded: borrowing ExcludedServers) -> Int? {
        memory.trial(view, now, excluding: excluded)
    }

    /// One by share; one on probation only when no other is left.
    func draw(_ random: inout RandomSource, excluding excluded: borrowing ExcludedServers) -> Int? {
        trusted.draw(&random, excluding: excluded) ?? doubted.draw(&random, excluding: excluded)
    }

    /// Two that differ, if there are two; those on probation only when no other is left.
    func drawTwo(_ random: inout RandomSource, excluding excluded: borrowing ExcludedServers) -> (Int, Int)? {
        if excluded.isEmpty, let two = trusted.drawTwo(&random) { return two }
        guard let one = draw(&random, excluding: excluded) else { return nil }
        for _ in 0..<4 {
            if let other = draw(&random, excluding: excluded), other != one { return (one, other) }
        }
        return (one, one)
    }

    private mutating func place(_ view: PoolView, _ server: Int) {
        let share = view.isEligible(server) ? view.shares[server] : 0
        let isTrusted = memory.isTrusted(server)
        trusted.set(server, share: isTrusted ? share : 0)
        doubted.set(server, share: isTrusted ? 0 : share)
    }
}
