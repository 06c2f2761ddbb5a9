package import AyaCore

/// Each server in turn, as often as its weight says, its turns spread as evenly as they go.
///
/// nginx's smooth algorithm gives such a sequence but looks at every server for each pick. Here the next turns wait in
/// a heap by virtual time: O(log n), and nothing is rebuilt when a server comes or goes. Equal weights, the usual case,
/// need no heap at all: the next eligible position is the answer.
package final class RoundRobin: Balancer {
    /// Where the search for the next begins while all weights are equal.
    private var cursor = 0
    /// The turns while weights differ; nil while they are equal.
    private var turns: ServerHeap?
    /// The moment of the latest turn: where a server that comes back joins in.
    private var now: UInt64 = 0

    package init(_ view: PoolView) { rebuild(view) }

    init(copying other: RoundRobin) {
        cursor = other.cursor
        turns = other.turns
        now = other.now
    }

    package func rehearsal() -> (any Balancer)? { RoundRobin(copying: self) }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        turns == nil ? nextInOrder(view, excluding) : nextTurn(excluding)
    }

    private func nextInOrder(_ view: PoolView, _ excluded: borrowing ExcludedServers) -> Int? {
        var start = cursor
        // Each round either answers or passes over one excluded server.
        for _ in 0...excluded.count {
            guard let server = view.eligible.next(from: start) else { return nil }
            start = server &+ 1
            if excluded.isEmpty || !excluded.contains(server) {
                cursor = start
                return server
            }
        }
        return nil
    }

    private func nextTurn(_ excluded: borrowing ExcludedServers) -> Int? {
        guard var entry = turns?.first(excluding: excluded) else { return nil }
        now = Pass.later(now, entry.pass)
        entry.pass &+= Pass.stride(share: Int(entry.share))
        turns?.put(entry)
        return Int(entry.server)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        guard var entry = turns?[server] else { return join(view, server) }
        guard view.isEligible(server) else {
            turns?.remove(server)
            return
        }
        if Self.hasEqualShares(view) {
            turns = nil
        } else {
            entry.share = Int32(truncatingIfNeeded: view.shares[server])
            turns?.put(entry)
        }
    }

    package func loadChanged(_ view: PoolView, server: Int) {}

    /// A server that was not in the heap became eligible.
    private func join(_ view: PoolView, _ server: Int) {
        guard view.isEligible(server) else { return }
        guard turns != nil else {
            if !Self.hasEqualShares(view) { rebuild(view) }
            return
        }
        turns?.put(Self.entry(view, server, now: now))
    }

    private func rebuild(_ view: PoolView) {
        turns = nil
        guard !Self.hasEqualShares(view) else { return }
        var heap = ServerHeap(capacity: view.count)
        for server in 0..<view.count where view.isEligible(server) {
            heap.put(Self.entry(view, server, now: now))
        }
        turns = heap
    }

    private static func entry(_ view: PoolView, _ server: Int, now: UInt64) -> ServerHeap.Entry {
        let share = view.shares[server]
        let pass = now &+ Pass.offset(of: server, stride: Pass.stride(share: share))
        return ServerHeap.Entry(
            rank: 0, pass: pass, server: Int32(truncatingIfNeeded: server), share: Int32(truncatingIfNeeded: share))
    }

    /// Servers with weight 0 do not count.
    private static func hasEqualShares(_ view: PoolView) -> Bool {
        guard let first = view.shares.first(where: { $0 > 0 }) else { return true }
        return view.shares.allSatisfy { $0 == 0 || $0 == first }
    }
}
