package import AyaCore

/// The server with the least work in flight for its weight; among equals, those whose turn it is.
///
/// Searching for the minimum at each pick is what makes this algorithm slow in large pools. The heap is kept in order
/// by the two changes of each exchange instead, so a pick reads its top. Ties follow weighted turns in virtual time, as
/// in `RoundRobin`: an idle pool shares by weight instead of sending everything to its first server.
package final class LeastConnections: Balancer {
    private var heap: ServerHeap
    /// Virtual time of the latest turn: a server that was busy for long does not catch up on turns it missed.
    private var now: UInt64 = 0

    package init(_ view: PoolView) {
        heap = ServerHeap(capacity: view.count)
        for server in 0..<view.count where view.isEligible(server) { join(view, server) }
    }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        heap.first(excluding: excluding).map { Int($0.server) }
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isEligible(server) { join(view, server) } else { heap.remove(server) }
    }

    package func loadChanged(_ view: PoolView, server: Int) {
        // Work may end on a server that is no longer in the choice.
        guard var entry = heap[server] else { return }
        let stride = Pass.stride(weight: Int(entry.weight))
        let rank = Self.rank(load: view.load(server), stride: stride)
        if rank > entry.rank {
            now = Pass.later(now, entry.pass)
            entry.pass = now &+ stride
        }
        entry.rank = rank
        heap.put(entry)
    }

    private func join(_ view: PoolView, _ server: Int) {
        let weight = view.weights[server]
        let stride = Pass.stride(weight: weight)
        heap.put(
            ServerHeap.Entry(
                rank: Self.rank(load: view.load(server), stride: stride),
                // A new weight keeps its turn.
                pass: heap[server]?.pass ?? now &+ Pass.offset(of: server, stride: stride),
                server: Int32(truncatingIfNeeded: server), weight: Int32(truncatingIfNeeded: weight)))
    }

    /// Load for weight with 24 bits behind the point. Rounding makes equal ratios equal ranks (3 to 3 and 1 to 1), as
    /// far as 32,767 in flight; beyond, a tie may be missed by one part in 16 million.
    private static func rank(load: Int, stride: UInt64) -> UInt64 {
        let exact = UInt64(truncatingIfNeeded: load).multipliedReportingOverflow(by: stride)
        return exact.overflow ? .max : exact.partialValue >> 16 &+ exact.partialValue >> 15 & 1
    }
}
