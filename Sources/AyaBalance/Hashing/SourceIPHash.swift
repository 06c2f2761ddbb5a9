package import AyaCore

/// A client stays on its server for as long as that server is there, and nobody else moves when it goes.
///
/// Every server has a place in a table about twice as large as the pool. A client's key gives an endless row of places;
/// the first that holds a server in the choice is its server. So when a server goes, only its own clients move, evenly
/// to all others, and when it comes back exactly those return; a new server takes an equal part from each. Nothing is
/// rebuilt on the way. Where weights differ, a place is passed over as often as its server's weight is smaller.
package final class SourceIPHash: Balancer {
    /// Server by place; -1 where there is none.
    private var places: ContiguousArray<Int32>
    /// The share that is never passed over.
    private var whole: UInt64 = 1

    package init(_ view: PoolView) {
        var size = 2
        while size < 2 &* view.count { size &*= 2 }
        places = ContiguousArray(repeating: -1, count: size)
        // In the order of identities, so that the order of the list does not matter where two want the same place.
        for server in (0..<view.count).sorted(by: { view.identities[$0] < view.identities[$1] }) {
            var place = Hash.index(view.identities[server], below: size)
            while places[place] >= 0 { place = place &+ 1 == size ? 0 : place &+ 1 }
            places[place] = Int32(truncatingIfNeeded: server)
        }
        whole = UInt64(max(1, (view.weights.max() ?? 1) &* PoolView.wholeShare))
    }

    private init(copying other: SourceIPHash) {
        places = other.places
        whole = other.whole
    }

    package func rehearsal() -> (any Balancer)? { SourceIPHash(copying: self) }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        guard !view.eligible.isEmpty else { return nil }
        for attempt in 0..<256 {
            let hash = Hash.mix(request.key, attempt: attempt)
            let server = Int(places[Hash.index(hash, below: places.count)])
            guard server >= 0, view.eligible.contains(server) else { continue }
            // The lower bits decide whether the server takes this client; the upper ones chose its place.
            let point = ((hash & 0xffff_ffff) &* whole) >> 32
            guard point < UInt64(truncatingIfNeeded: view.shares[server]) else { continue }
            if excluding.isEmpty || !excluding.contains(server) { return server }
        }
        return view.eligible.next(after: request.key, excluding: excluding)
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        let share = UInt64(truncatingIfNeeded: view.shares[server])
        while whole < share { whole &*= 2 }
    }

    package func loadChanged(_ view: PoolView, server: Int) {}
}
