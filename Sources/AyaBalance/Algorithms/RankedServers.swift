internal import AyaCore

/// Servers in the order of a rank that changes with each exchange, for balancers that want the best of all.
///
/// Searching for the minimum at each pick is what makes such algorithms slow in large pools. The heap is kept in order
/// by the changes of each exchange instead, so a pick reads its top. Ties follow weighted turns in virtual time, as in
/// `RoundRobin`: an idle pool shares by weight instead of sending everything to its first server. Servers on probation
/// for failures stand behind all others.
struct RankedServers {
    private var heap: ServerHeap
    private var memory: FailureMemory
    /// Virtual time of the latest turn: a server that was busy for long does not catch up on turns it missed.
    private var now: UInt64 = 0
    /// As they were when the ranks were made: what tells a begin from an end.
    private var loads: ContiguousArray<Int>
    private var cursor = 0

    init(_ view: PoolView) {
        loads = ContiguousArray(repeating: 0, count: view.count)
        heap = ServerHeap(capacity: view.count)
        memory = FailureMemory(capacity: view.count)
    }

    /// Set in the rank of servers on probation.
    private static let doubt: UInt64 = 1 << 63

    /// A server came into the choice or left it, or its share changed.
    mutating func place(_ view: PoolView, _ server: Int, rank: (_ load: Int, _ share: Int32) -> UInt64) {
        loads[server] = view.load(server)
        guard view.isEligible(server) else {
            if view.isAway(server) { memory.forget(server) }
            return heap.remove(server)
        }
        let known = heap[server]
        let share = view.shares[server]
        let rank = rank(loads[server], Int32(truncatingIfNeeded: share))
        heap.put(
            ServerHeap.Entry(
                rank: memory.isTrusted(server) ? rank : rank | Self.doubt,
                // A new share keeps its turn.
                pass: known?.pass ?? now &+ Pass.offset(of: server, stride: Pass.stride(share: share)),
                server: Int32(truncatingIfNeeded: server), share: Int32(truncatingIfNeeded: share)))
    }

    /// What a change of rank means for a server's turn.
    private enum Change {
        /// It got work: its turn is taken.
        case begin
        /// It finished work: it queues up behind those that were free before it. Who is slow comes round less often.
        case end
        case other
    }

    /// The load of a server changed.
    mutating func loadChanged(_ view: PoolView, _ server: Int, rank: (_ load: Int, _ share: Int32) -> UInt64) {
        let load = view.load(server)
        update(server, load, load > loads[server] ? .begin : .end, rank)
        loads[server] = load
    }

    /// What is known of a server changed, and its load did not.
    mutating func update(_ server: Int, rank: (_ load: Int, _ share: Int32) -> UInt64) {
        update(server, loads[server], .other, rank)
    }

    /// Takes one server after the other, for ranks that change as time passes; nil for an empty pool.
    mutating func next() -> Int? {
        guard !loads.isEmpty else { return nil }
        cursor &+= 1
        if cursor >= loads.count { cursor = 0 }
        return cursor
    }

    /// Work may end on a server that is no longer in the choice.
    private mutating func update(
        _ server: Int, _ load: Int, _ change: Change, _ rank: (_ load: Int, _ share: Int32) -> UInt64
    ) {
        guard var entry = heap[server] else { return }
        let rank = rank(load, entry.share) | entry.rank & Self.doubt
        switch change {
        case .begin:
            now = Pass.later(now, entry.pass)
            entry.pass = now &+ Pass.stride(share: Int(entry.share))
        case .end: entry.pass = Pass.later(entry.pass, now &+ Pass.stride(share: Int(entry.share)))
        case .other: if rank == entry.rank { return }
        }
        entry.rank = rank
        heap.put(entry)
    }

    mutating func observe(_ server: Int, _ observation: Observation) {
        if memory.observe(server, observation) { trustChanged(server) }
    }

    mutating func hear(_ server: Int, _ hearsay: Hearsay) {
        if memory.hear(server, hearsay) { trustChanged(server) }
    }

    private mutating func trustChanged(_ server: Int) {
        guard var entry = heap[server] else { return }
        entry.rank = memory.isTrusted(server) ? entry.rank & ~Self.doubt : entry.rank | Self.doubt
        heap.put(entry)
    }

    /// A trial that is due, or the best.
    mutating func first(_ view: PoolView, _ now: Instant, excluding excluded: borrowing ExcludedServers) -> Int? {
        if let trial = memory.trial(view, now, excluding: excluded) { return trial }
        return heap.first(excluding: excluded).map { Int($0.server) }
    }

    /// Load for share with 24 bits behind the point. Rounding makes equal ratios equal ranks (3 to 3 and 1 to 1), as
    /// far as 32,767 in flight; beyond, a tie may be missed by one part in 16 million.
    static func rank(load: Int, share: Int32) -> UInt64 {
        let exact = UInt64(max(0, load)).multipliedReportingOverflow(by: Pass.stride(share: Int(share)))
        return exact.overflow ? doubt &- 1 : exact.partialValue >> 16 &+ exact.partialValue >> 15 & 1
    }

    /// A cost that is not negative as a rank: the bits of such numbers have the same order.
    static func rank(cost: Float) -> UInt64 { UInt64(max(0, cost).bitPattern) }
}
